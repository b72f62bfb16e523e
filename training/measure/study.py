"""Baselines trained on the same data, and a learning curve: the recipe on growing shares of it.

On request also how good it is on sources that it has not seen (`by_source.py`). The whole takes
longer than training, so it goes to a file (`study_file.py`); `train --study FILE` reports it.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.annotation.annotation import Annotation
from data.annotation.split import Split, bucket
from model.command_line import Say
from model.decide.calibration import Platt, probabilities
from model.decide.labels import Decision
from model.errors import NotEnoughData
from training.fit.calibrate import FittedCalibration, calibrate
from training.fit.examples import make_examples, multi_hot, representative
from training.fit.fine_tune import FineTuner
from training.fit.network import BaseEncoder
from training.measure.baselines import BASELINES, Scorer, network_scorer
from training.measure.by_source import BySource, cross_validate, source_of
from training.measure.evaluate import Predictions

SHARES = (0.125, 0.25, 0.5, 1.0)
_SALT = "learning-curve"


@dataclass(frozen=True)
class ComparedModel:
    """A model trained for comparison.

    Attributes:
        sentences: how many it was trained on.
        seconds: how long fitting took.
        predictions: on each measured set, by name.
    """

    name: str
    sentences: int
    seconds: int
    predictions: Mapping[str, Predictions]


@dataclass(frozen=True)
class Study:
    """Baselines, and plain fine-tuning on growing shares of the documents."""

    data_fingerprint: str
    baselines: list[ComparedModel]
    learning_curve: list[ComparedModel]
    by_source: BySource | None = None


@dataclass(frozen=True)
class StudyPlan:
    """What to measure on, by name; 0 `source_folds` leave cross-validation by source out."""

    sets: Mapping[str, Sequence[Annotation]]
    data_fingerprint: str
    source_folds: int = 0


def run_study(
    split: Split, plan: StudyPlan, base: BaseEncoder, tuner: FineTuner, *, say: Say
) -> Study:
    """Train every model to compare with, one after another, and predict on every set."""

    def compare(name: str, train: Sequence[Annotation], fit: Callable[[], Scorer]) -> ComparedModel:
        say(f"{name}: {len(train):,} sentences")
        started = time.monotonic()
        scorer = fit()
        seconds = round(time.monotonic() - started)
        predictions = _predict(scorer, split.dev, plan.sets)
        return ComparedModel(name, len(train), seconds, predictions)

    texts, labels = [each.text for each in split.fitted], multi_hot(split.fitted)
    baselines = [
        compare(name, split.fitted, lambda fit=fit: fit(texts, labels, base, tuner))  # type: ignore[misc]
        for name, fit in BASELINES.items()
    ]
    parts = [_documents(split.fitted, share) for share in SHARES]
    curve = [
        compare("fine-tuning", part, lambda part=part: _fine_tuned(part, split.dev, base, tuner))  # type: ignore[misc]
        for part in parts
    ]
    by_source = (
        _by_source(split, plan.source_folds, base, tuner, say) if plan.source_folds else None
    )
    return Study(plan.data_fingerprint, baselines, curve, by_source)


def _by_source(split: Split, folds: int, base: BaseEncoder, tuner: FineTuner, say: Say) -> BySource:
    def fit_and_predict(train: Sequence[Annotation], measured: Sequence[Annotation]) -> Predictions:
        known = {source_of(each) for each in train}
        dev = [each for each in split.dev if source_of(each) in known]  # stops and calibrates
        scorer = _fine_tuned(train, dev, base, tuner)
        return _predict(scorer, dev, {"": measured})[""]

    return cross_validate(split.fitted, fit_and_predict, folds=folds, say=say)


def _fine_tuned(
    part: Sequence[Annotation], dev: Sequence[Annotation], base: BaseEncoder, tuner: FineTuner
) -> Scorer:
    network = base.network(tuner.recipe.seed)
    examples = make_examples(part, tuner.encoder, hard_weight=tuner.recipe.hard_weight)
    tuner.fine_tune(network, examples, make_examples(dev, tuner.encoder))
    return network_scorer(network, tuner)


def _documents(annotations: Sequence[Annotation], share: float) -> list[Annotation]:
    limit = round(1000 * share)
    return [a for a in annotations if bucket(a.group, salt=_SALT, buckets=1000) < limit]


def _predict(
    scorer: Scorer, dev: Sequence[Annotation], sets: Mapping[str, Sequence[Annotation]]
) -> dict[str, Predictions]:
    try:
        drawn = [dev[i] for i in representative(dev)]
        fitted = calibrate(scorer([each.text for each in drawn]), multi_hot(drawn))
    except NotEnoughData:  # it learnt nothing that could be calibrated: 0.5 of the plain sigmoid
        fitted = FittedCalibration((Platt(1.0, 0.0),) * 3, (Decision(0.5, 0.5, 0.5, None),) * 3)
    thresholds = np.array([decision.threshold for decision in fitted.decisions])
    predictions = {}
    for name, rows in sets.items():
        p = probabilities(scorer([each.text for each in rows]), fitted.calibration)
        predictions[name] = Predictions.of(p, p >= thresholds, rows)
    return predictions
