"""Evaluate the candidate and the live model on the same sentences, now."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.annotation.annotation import Annotation
from data.annotation.behaviour_suite import Case
from model.artifact.folder import GOLDEN, MANIFEST, Artifact
from model.classifier import StanceClassifier
from model.engines.graph import engine_files
from model.errors import NotEnoughData
from training.measure.behaviour import FunctionResult, run_behaviour
from training.measure.evaluate import Predictions, predict

TEST = "test"
# For two models of one architecture on a busy machine, the fastest of seven rounds differed by up
# to 12 % in wall-clock time and by up to 2 % in processor time.
_ROUNDS = 7
_TIMED_SENTENCES = 256
_SERVED = (MANIFEST, GOLDEN)

Clock = Callable[[], float]


@dataclass(frozen=True)
class EvaluationSet:
    """What both models are evaluated on.

    Attributes:
        test: sentences that neither model was trained on.
        own: sets of the users' own held-out annotations, by name.
        cases: the behavioural suite.
    """

    test: Sequence[Annotation]
    own: Mapping[str, Sequence[Annotation]]
    cases: Sequence[Case]


@dataclass(frozen=True)
class ModelResult:
    """The outcome of one model on an evaluation set.

    Attributes:
        predictions: by set; TEST is one of them.
        seconds: processor time of the fastest round over the timed sentences.
        served_bytes: size of the files that a server reads.
    """

    version: str
    predictions: Mapping[str, Predictions]
    behaviour: Sequence[FunctionResult]
    seconds: float
    served_bytes: int


@dataclass(frozen=True)
class LoadedModel:
    """A loaded model and the folder that it came from."""

    classifier: StanceClassifier
    folder: Path


def compare_models(
    candidate: LoadedModel,
    live: LoadedModel,
    evaluation_set: EvaluationSet,
    *,
    clock: Clock = time.process_time,
) -> tuple[ModelResult, ModelResult]:
    """Evaluate both models; the timing takes turns, so that other load hits both alike.

    Raises:
        NotEnoughData: there is no test sentence.
    """
    if not evaluation_set.test:
        raise NotEnoughData("no document fell into the test part: there is nothing to compare on")
    texts = [each.text for each in evaluation_set.test[:_TIMED_SENTENCES]]
    seconds = fastest([candidate.classifier, live.classifier], texts, clock=clock)
    return _result(candidate, evaluation_set, seconds[0]), _result(live, evaluation_set, seconds[1])


def fastest(
    classifiers: Sequence[StanceClassifier], texts: Sequence[str], *, clock: Clock
) -> list[float]:
    """Return the seconds of each classifier's fastest round over the texts.

    They take turns, in an order that alternates from round to round.
    """
    best = [float("inf")] * len(classifiers)
    for turn in range(_ROUNDS):
        order = range(len(classifiers))
        for i in order if turn % 2 else reversed(order):
            started = clock()
            classifiers[i].classify_each(texts)
            best[i] = min(best[i], clock() - started)
    return best


def _result(model: LoadedModel, evaluation_set: EvaluationSet, seconds: float) -> ModelResult:
    sets = {TEST: evaluation_set.test, **evaluation_set.own}
    return ModelResult(
        version=model.classifier.manifest.version,
        predictions={name: predict(model.classifier, rows) for name, rows in sets.items()},
        behaviour=run_behaviour(model.classifier, evaluation_set.cases),
        seconds=seconds,
        served_bytes=_served_bytes(model),
    )


def _served_bytes(model: LoadedModel) -> int:
    """Add up what a server reads of a model, of both networks if it has two."""
    artifact = Artifact(model.folder, model.classifier.manifest)
    files = [model.folder / name for name in _SERVED]
    for network in filter(None, (artifact.fast, artifact.careful)):
        files += [network.tokenizer, *engine_files(network.graph)]
    return sum(path.stat().st_size for path in files)
