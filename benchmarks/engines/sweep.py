"""Token budgets and padding: the classifier with other batch sizes, and its parts by themselves."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure.sentences import BenchmarkSentences
from benchmarks.measure.timing import Rates, TimedScorer, ratio, time_in_turns
from benchmarks.report.table import table
from model.artifact.folder import Artifact
from model.classifier import StanceClassifier
from model.command_line import Say
from model.engines.choose import TOKEN_BUDGET
from model.engines.openvino import OpenVinoEngine
from model.text.sentences import Sentence
from model.text.tokens import LENGTH_STEP, SentenceEncoder

_SERVED = "as served"
_PART = 512
HEADER = ("the line", "sentences/s", "x as served", "padding", "batch")
Floats = NDArray[np.float64]
Score = Callable[[Sequence[str]], Floats]


@dataclass(frozen=True)
class Effort:
    """How much is measured; QUICK only shows that everything runs."""

    rounds: int = 5
    seconds: float = 1.5
    alone: int = 60


QUICK = Effort(rounds=1, seconds=0.1, alone=2)


class SteppedEncoder(SentenceEncoder):
    """Pads to multiples of `step` tokens."""

    step = LENGTH_STEP

    def _padded_length(self, length: int) -> int:
        return min(-(-length // self.step) * self.step, self.max_window)


def sweep(artifact: Artifact, sentences: BenchmarkSentences, effort: Effort, say: Say) -> str:
    """Measure and write the section "Token budgets and padding"."""
    ways = dict(_ways(artifact))
    texts = sentences.sample(min(200, len(sentences.texts)), seed=0)
    batch = {name: _moved(score, texts, effort.alone) for name, score in ways.items()}
    rates = time_in_turns(
        [_timed(name, score, sentences) for name, score in ways.items()],
        rounds=effort.rounds,
        seconds=effort.seconds,
        clock=time.perf_counter,
        say=say,
    )
    rows = [_row(name, rates, batch[name], sentences) for name in ways]
    return f"""{table(HEADER, rows)}

The shipped model, from text to probabilities; as served: batches of {TOKEN_BUDGET} tokens, padded
to a multiple of {LENGTH_STEP}, one stream a core. Padding: what it adds to the tokens of these
sentences. Batch: the largest difference of a probability when a sentence is scored alone and
among {len(texts)}. Tokenising alone and the network alone are parts of the line. {effort.rounds}
rounds of about {effort.seconds} s in turns.

Sentences: {sentences.source}, {sentences.mean_tokens:.1f} tokens on average
({sentences.histogram()})."""


def _ways(artifact: Artifact) -> list[tuple[str, Score]]:
    engine = OpenVinoEngine(artifact.graph)

    def line(step: int, budget: int) -> StanceClassifier:
        manifest = artifact.manifest
        encoder = SteppedEncoder.from_file(
            artifact.tokenizer, max_window=manifest.max_window, pad_id=manifest.pad_id
        )
        assert isinstance(encoder, SteppedEncoder)
        encoder.step = step
        return StanceClassifier(encoder, engine, manifest, token_budget=budget)

    served = line(LENGTH_STEP, TOKEN_BUDGET)
    ways = [(_SERVED, _whole(served))]
    ways += [
        (f"{budget} tokens a batch", _whole(line(LENGTH_STEP, budget)))
        for budget in (256, 512, 2048, 4096)
    ]
    ways += [
        (f"padded to a multiple of {step}", _whole(line(step, TOKEN_BUDGET)))
        for step in (1, 4, 16, 32)
    ]
    ways += [
        ("tokenised ahead in a thread", _ahead(served)),
        ("tokenising alone", _tokenising(served)),
    ]
    return ways


def _whole(classifier: StanceClassifier) -> Score:
    return lambda texts: np.array([row.scores for row in classifier.classify_each(texts)])


def _ahead(classifier: StanceClassifier) -> Score:
    """Score parts of 512 sentences; while one is scored, the next is tokenised."""

    def score(texts: Sequence[str]) -> Floats:
        sentences = [Sentence(i, 0, len(text), text) for i, text in enumerate(texts)]
        parts = [sentences[i : i + _PART] for i in range(0, len(sentences), _PART)]
        with ThreadPoolExecutor(1) as thread:
            coming = [thread.submit(classifier.tokenise, part) for part in parts]
            rows = [
                row
                for part, tokens in zip(parts, coming, strict=True)
                for row in classifier.decide(
                    part, tokens.result().counts, classifier.logits(tokens.result().ids)
                )
            ]
        return np.array([row.scores for row in rows])

    return score


def _tokenising(classifier: StanceClassifier) -> Score:
    def score(texts: Sequence[str]) -> Floats:
        sentences = [Sentence(i, 0, len(text), text) for i, text in enumerate(texts)]
        classifier.tokenise(sentences)
        return np.zeros((len(texts), 1))

    return score


def _moved(score: Score, texts: Sequence[str], alone: int) -> float:
    together = score(texts)
    singles = np.concatenate([score([text]) for text in texts[:alone]])
    return float(np.abs(singles - together[: len(singles)]).max())


def _timed(name: str, score: Score, sentences: BenchmarkSentences) -> TimedScorer:
    def run(count: int, number: int) -> int:
        return len(score(sentences.sample(count, seed=number)))

    return TimedScorer(name, run)


def _row(
    name: str, rates: dict[str, Rates], moved: float, sentences: BenchmarkSentences
) -> tuple[str, ...]:
    step = int(name.rsplit(" ", 1)[1]) if name.startswith("padded") else LENGTH_STEP
    padded = sum(-(-tokens // step) * step for tokens in sentences.tokens)
    return (
        name,
        f"{rates[name].median:,.0f}",
        str(ratio(rates[name], rates[_SERVED])),
        f"{padded / sum(sentences.tokens) - 1:.1%}",
        f"{moved:.0e}",
    )
