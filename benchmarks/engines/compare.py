"""Every engine on the same sentences in one interleaved run: speed, quality, batch invariance."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.engines.candidates import PIPELINE, REFERENCE, Candidate, Workshop
from benchmarks.engines.fidelity import Fidelity, Yardstick
from benchmarks.engines.int8_peak import OPERATIONS, open_product, share_of_peak
from benchmarks.measure.material import Material
from benchmarks.measure.rounds import Rates, Runner, race, ratio
from benchmarks.parts import Say
from benchmarks.report.table import table
from model.artifact.folder import Artifact

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


def compare_engines(artifact: Artifact, material: Material, effort: Effort, say: Say) -> str:
    """The section "Engines": a table, what the columns are, and which engine is chosen by whom."""
    with tempfile.TemporaryDirectory(prefix="demarche-bench-") as folder:
        workshop = Workshop(artifact, material.training, Path(folder))
        candidates = list(workshop.candidates(say))
        say("  comparing scores")
        fidelity = _fidelity(artifact, material, candidates, effort)
        rates = race(
            [*(_runner(each, material) for each in candidates), *_products()],
            rounds=effort.rounds,
            seconds=effort.seconds,
            clock=time.perf_counter,
            say=say,
        )
    peak = max((rates[name] for name in _PRODUCTS), key=lambda each: each.median)
    rows = [
        row(each.name, rates, fidelity[each.name], peak, material.mean_tokens)
        for each in candidates
    ]
    return "\n\n".join(
        [
            table(HEADER, rows),
            *(f"Left out: {reason}" for reason in workshop.left_out),
            _explained(peak, material, len(_labelled(material, effort)), effort),
        ]
    )


def row(
    name: str, rates: dict[str, Rates], found: Fidelity, peak: Rates, mean_tokens: float
) -> tuple[str, ...]:
    """A line of the table; `peak` is in products a second."""
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


def _labelled(material: Material, effort: Effort) -> Sequence[object]:
    return material.labelled[: effort.labelled]


def _fidelity(
    artifact: Artifact, material: Material, candidates: Sequence[Candidate], effort: Effort
) -> dict[str, Fidelity]:
    (reference,) = (each for each in candidates if each.name == REFERENCE)
    labelled = material.labelled[: effort.labelled]
    yardstick = Yardstick(labelled, artifact.manifest.decisions, reference)
    return {each.name: yardstick.measure(each, alone=effort.alone) for each in candidates}


def _runner(candidate: Candidate, material: Material) -> Runner:
    def run(count: int, number: int) -> int:
        candidate.score(material.sample(count, seed=number))
        return count

    return Runner(candidate.name, run)


def _products() -> list[Runner]:
    def runner(name: str, streams: int) -> Runner:
        multiply = open_product(streams)
        return Runner(name, lambda count, _: multiply(count))

    return [runner(name, streams) for name, streams in _PRODUCTS.items()]


def _explained(peak: Rates, material: Material, labelled: int, effort: Effort) -> str:
    rate = peak.median * OPERATIONS / 1e9
    return f"""Every row goes from text to probabilities, tokenising included. All but the pipelines
run inside the product's own line (`model/classifier.py`): sentences sorted by length,
batches of one padded length, 1,024 tokens each. Each is timed {effort.rounds} times in
turns, about {effort.seconds} s a turn, the order changing; a rate is the median, a
ratio the median of the rounds' ratios (least-greatest in brackets).

- Sentences: {material.source}, {material.mean_tokens:.1f} tokens on average
  ({material.histogram()}).
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
