"""Two models to what each of them does, now, with the same sentences."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.annotation.annotation import Annotation
from data.annotation.behaviour_suite import Case
from model.artifact.folder import GOLDEN, GRAPH, MANIFEST, TOKENIZER
from model.classifier import StanceClassifier
from model.errors import NotEnoughData
from training.measure.behaviour import FunctionResult, run_behaviour
from training.measure.evaluate import Predictions, predict

TEST = "test"
# Of two models of one architecture, on a busy machine, the fastest of seven rounds differed by up
# to 12 % in seconds of the clock and by up to 2 % in seconds of the processor.
_ROUNDS = 7
_TIMED_SENTENCES = 256
_SERVED = (GRAPH, "engine.bin", TOKENIZER, MANIFEST, GOLDEN)

Clock = Callable[[], float]


@dataclass(frozen=True)
class Exam:
    """What both models are given.

    Attributes:
        test: sentences that neither was trained on, the same for every exam.
        own: sets of the users' own held-out annotations, by name.
        cases: the behavioural suite.
    """

    test: Sequence[Annotation]
    own: Mapping[str, Sequence[Annotation]]
    cases: Sequence[Case]


@dataclass(frozen=True)
class Answers:
    """What one model did with an exam.

    Attributes:
        predictions: by set; TEST is one of them.
        seconds: of the processor, in the fastest round over the same sentences.
        served_bytes: size of the files that a server reads.
    """

    version: str
    predictions: Mapping[str, Predictions]
    behaviour: Sequence[FunctionResult]
    seconds: float
    served_bytes: int


@dataclass(frozen=True)
class Entrant:
    """A loaded model and the folder that it came from."""

    classifier: StanceClassifier
    folder: Path


def examine(
    candidate: Entrant, live: Entrant, exam: Exam, *, clock: Clock = time.process_time
) -> tuple[Answers, Answers]:
    """Give both the whole exam; the timing takes turns, so that other load hits both alike.

    Raises:
        NotEnoughData: there is no test sentence.
    """
    if not exam.test:
        raise NotEnoughData("no document fell into the test part: there is nothing to compare on")
    texts = [each.text for each in exam.test[:_TIMED_SENTENCES]]
    seconds = fastest([candidate.classifier, live.classifier], texts, clock=clock)
    return _answers(candidate, exam, seconds[0]), _answers(live, exam, seconds[1])


def fastest(
    classifiers: Sequence[StanceClassifier], texts: Sequence[str], *, clock: Clock
) -> list[float]:
    """Seconds of each one's fastest round over the texts; in turns, every other one backwards."""
    best = [float("inf")] * len(classifiers)
    for turn in range(_ROUNDS):
        order = range(len(classifiers))
        for i in order if turn % 2 else reversed(order):
            started = clock()
            classifiers[i].classify_each(texts)
            best[i] = min(best[i], clock() - started)
    return best


def _answers(entrant: Entrant, exam: Exam, seconds: float) -> Answers:
    sets = {TEST: exam.test, **exam.own}
    return Answers(
        version=entrant.classifier.manifest.version,
        predictions={name: predict(entrant.classifier, rows) for name, rows in sets.items()},
        behaviour=run_behaviour(entrant.classifier, exam.cases),
        seconds=seconds,
        served_bytes=sum((entrant.folder / name).stat().st_size for name in _SERVED),
    )
