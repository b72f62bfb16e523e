"""Every engine on the same sentences in one interleaved run: speed, quality, batch invariance."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.engines.fidelity import Fidelity, FidelityCheck
from benchmarks.engines.int8_peak import OPERATIONS, open_product, share_of_peak
from benchmarks.engines.scorers import PIPELINE, REFERENCE, Scorer, ScorerCatalogue
from benchmarks.measure.sentences import BenchmarkSentences
from benchmarks.measure.timing import Rates, TimedScorer, ratio, time_in_turns
from benchmarks.report.table import table
from model.artifact.folder import Artifact
from model.command_line import Say

_PRODUCTS = {f"int8 product, streams {streams}": streams for streams in (1, 2)}
HEADER = ("engine", "sentences/s", "x pipeline 32", "F1 loss", "flipped", "batch", "of int8 peak")


@dataclass(frozen=True)
class Effort:
    """How much is measured; QUICK only shows that everything runs."""

    rounds: int = 5
    seconds: float = 1.5
    labelled: int = 2000
    alone: int = 60


QUICK = Effort(rounds=1, seconds=0.1, labelled=12, alone=2)


def compare_engines(
    artifact: Artifact, sentences: BenchmarkSentences, effort: Effort, say: Say
) -> str:
    """Write the section "Engines": a table and what its columns mean."""
    with tempfile.TemporaryDirectory(prefix="demarche-bench-") as folder:
        catalogue = ScorerCatalogue(artifact, sentences.training, Path(folder))
        scorers = list(catalogue.scorers(say))
        say("  comparing scores")
        fidelity = _fidelity(artifact, sentences, scorers, effort)
        rates = time_in_turns(
            [*(_timed(each, sentences) for each in scorers), *_products()],
            rounds=effort.rounds,
            seconds=effort.seconds,
            clock=time.perf_counter,
            say=say,
        )
    peak = max((rates[name] for name in _PRODUCTS), key=lambda each: each.median)
    rows = [
        row(each.name, rates, fidelity[each.name], peak, sentences.mean_tokens) for each in scorers
    ]
    return "\n\n".join(
        [
            table(HEADER, rows),
            *(f"Left out: {reason}" for reason in catalogue.left_out),
            _explained(peak, sentences, len(_labelled(sentences, effort)), effort),
        ]
    )


def row(
    name: str, rates: dict[str, Rates], found: Fidelity, peak: Rates, mean_tokens: float
) -> tuple[str, ...]:
    """Make a row of the table; `peak` is in matrix products a second."""
    own = rates[name]
    products = ratio(own, peak).value * mean_tokens
    return (
        name,
        f"{own.median:,.0f}",
        str(ratio(own, rates[PIPELINE])),
        f"{found.f1_loss:+.2f}",
        f"{found.flipped:.2%}",
        f"{found.batch:.0e}",
        f"{share_of_peak(products, OPERATIONS):.0%}",
    )


def _labelled(sentences: BenchmarkSentences, effort: Effort) -> Sequence[object]:
    return sentences.labelled[: effort.labelled]


def _fidelity(
    artifact: Artifact, sentences: BenchmarkSentences, scorers: Sequence[Scorer], effort: Effort
) -> dict[str, Fidelity]:
    (reference,) = (each for each in scorers if each.name == REFERENCE)
    labelled = sentences.labelled[: effort.labelled]
    check = FidelityCheck(labelled, artifact.manifest.decisions, reference)
    return {each.name: check.measure(each, alone=effort.alone) for each in scorers}


def _timed(scorer: Scorer, sentences: BenchmarkSentences) -> TimedScorer:
    def run(count: int, number: int) -> int:
        scorer.score(sentences.sample(count, seed=number))
        return count

    return TimedScorer(scorer.name, run)


def _products() -> list[TimedScorer]:
    def scorer(name: str, streams: int) -> TimedScorer:
        multiply = open_product(streams)
        return TimedScorer(name, lambda count, _: multiply(count))

    return [scorer(name, streams) for name, streams in _PRODUCTS.items()]


def _explained(peak: Rates, sentences: BenchmarkSentences, labelled: int, effort: Effort) -> str:
    rate = peak.median * OPERATIONS / 1e9
    return f"""Every row goes from text to probabilities, tokenising included. All but the pipelines
run inside the project's classifier (`model/classifier.py`): sentences sorted by length,
batches of one padded length, 1,024 tokens each. Each is timed {effort.rounds} times in
turns, about {effort.seconds} s a turn, the order changing; a rate is the median, a
ratio the median of the rounds' ratios (least-greatest in brackets).

- Sentences: {sentences.source}, {sentences.mean_tokens:.1f} tokens on average
  ({sentences.histogram()}).
- F1 loss: macro-F1 in points against fp32 torch on {labelled:,} labelled sentences that the model
  was not trained on; flipped: decisions, one a sentence and stance, that are another.
- batch: the largest difference of a probability when the sentence is scored alone and among all
  ({effort.alone} sentences).
- of int8 peak: tokens/s x 2 x 10.6 M parameters, over {rate:,.0f} GOP/s, which is the rate of a
  2048 x 384 x 1536 int8 product in OpenVINO (u8 tokens, i8 weights, u8 answers; the better of one
  product on all cores and one a core), measured in the same rounds
  (`benchmarks/engines/int8_peak.py`).
- ONNX Runtime int8 is static (QDQ, per channel, MinMax on training sentences), with the second
  product of each feed-forward block, the pooler and the head left in fp32."""
