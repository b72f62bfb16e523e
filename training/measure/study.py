"""Baselines trained on the same data, and a learning curve: the recipe on growing shares of it.

Written to a file, because it takes longer than training; `train --study FILE` reports it.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.annotation.annotation import Annotation
from data.annotation.json_lines import read_json_object
from data.annotation.split import Split, bucket
from model.command_line import Say
from model.decide.calibration import Platt, probabilities
from model.decide.labels import Decision
from model.durable import replace_text
from model.errors import Fault, InvalidData, NotEnoughData
from training.fit.calibrate import FittedCalibration, calibrate
from training.fit.examples import make_examples, multi_hot, representative
from training.fit.fine_tune import FineTuner
from training.fit.network import BaseEncoder
from training.measure.baselines import BASELINES, Scorer, network_scorer
from training.measure.evaluate import Predictions

SHARES = (0.125, 0.25, 0.5, 1.0)
_SALT = "learning-curve"
_WRITTEN = "a file that `make study` wrote"


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


def run_study(
    split: Split,
    sets: Mapping[str, Sequence[Annotation]],
    base: BaseEncoder,
    tuner: FineTuner,
    *,
    data_fingerprint: str,
    say: Say,
) -> Study:
    """Train every model to compare with, one after another, and predict on every set."""

    def compare(name: str, train: Sequence[Annotation], fit: Callable[[], Scorer]) -> ComparedModel:
        say(f"{name}: {len(train):,} sentences")
        started = time.monotonic()
        scorer = fit()
        seconds = round(time.monotonic() - started)
        predictions = _predict(scorer, split.dev, sets)
        return ComparedModel(name, len(train), seconds, predictions)

    texts, labels = [each.text for each in split.fitted], multi_hot(split.fitted)
    baselines = [
        compare(name, split.fitted, lambda fit=fit: fit(texts, labels, base, tuner))  # type: ignore[misc]
        for name, fit in BASELINES.items()
    ]
    parts = [_documents(split.fitted, share) for share in SHARES]
    curve = [
        compare("fine-tuning", part, lambda part=part: _fine_tuned(part, split, base, tuner))  # type: ignore[misc]
        for part in parts
    ]
    return Study(data_fingerprint, baselines, curve)


def write_study(study: Study, path: Path) -> None:
    """Write as JSON, whole or not at all."""
    row = {
        "data_fingerprint": study.data_fingerprint,
        "baselines": [_row(each) for each in study.baselines],
        "learning_curve": [_row(each) for each in study.learning_curve],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_text(path, json.dumps(row) + "\n")


def read_study(path: Path, *, data_fingerprint: str) -> Study:
    """Read a study of the same data.

    Raises:
        InvalidData: the file cannot be read, is no study, or was made with other sentences, so
            that comparing with it would mislead.
    """
    row = read_json_object(path, valid=_WRITTEN)
    try:
        made_from = str(row["data_fingerprint"])
        baselines = [_compared(each) for each in row["baselines"]]
        learning_curve = [_compared(each) for each in row["learning_curve"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        fault = Fault(str(path), 0, "file", "unreadable", reason, _WRITTEN)
        raise InvalidData([fault]) from error
    if made_from != data_fingerprint:
        valid = "a study of the sentences that are trained on: run it again"
        raise InvalidData([Fault(str(path), 0, "data_fingerprint", "stale", made_from[:12], valid)])
    return Study(made_from, baselines, learning_curve)


def _fine_tuned(
    part: Sequence[Annotation], split: Split, base: BaseEncoder, tuner: FineTuner
) -> Scorer:
    network = base.network(tuner.recipe.seed)
    examples = make_examples(part, tuner.encoder, hard_weight=tuner.recipe.hard_weight)
    tuner.fine_tune(network, examples, make_examples(split.dev, tuner.encoder))
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


def _row(model: ComparedModel) -> dict[str, object]:
    predictions = {
        name: {
            "probabilities": p.probabilities.round(5).tolist(),
            "assigned": p.assigned.tolist(),
            "gold": p.gold.tolist(),
            "groups": p.groups.tolist(),
        }
        for name, p in model.predictions.items()
    }
    return {**vars(model), "predictions": predictions}


def _compared(row: Mapping[str, Any]) -> ComparedModel:
    predictions = {
        name: Predictions(**{field: np.array(values) for field, values in arrays.items()})
        for name, arrays in row["predictions"].items()
    }
    return ComparedModel(**{**row, "predictions": predictions})
