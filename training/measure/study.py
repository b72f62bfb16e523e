"""How the model's way compares: baselines on the same data, and the same way on less data.

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
from model.decide.calibration import Platt, probabilities
from model.decide.labels import Decision
from model.durable import replace_text
from model.errors import Fault, InvalidData, NotEnoughData
from training.fit.calibrate import Fitted, calibrate
from training.fit.examples import make_examples, multi_hot, representative
from training.fit.fine_tune import Trainer
from training.fit.network import Base
from training.measure.baselines import BASELINES, Scorer, network_scorer
from training.measure.evaluate import Predictions

SHARES = (0.125, 0.25, 0.5, 1.0)
_SALT = "learning-curve"


@dataclass(frozen=True)
class Contender:
    """Another way to the same end.

    Attributes:
        sentences: how many it was trained on.
        predictions: what it says on each measured set.
    """

    name: str
    sentences: int
    seconds: int
    predictions: Mapping[str, Predictions]


@dataclass(frozen=True)
class Study:
    """Baselines, and plain fine-tuning on growing shares of the documents."""

    data_fingerprint: str
    baselines: list[Contender]
    learning_curve: list[Contender]


def run_study(
    split: Split,
    sets: Mapping[str, Sequence[Annotation]],
    base: Base,
    trainer: Trainer,
    *,
    data_fingerprint: str,
    say: Callable[[str], None],
) -> Study:
    """Train and measure every contender, one after another."""

    def contend(name: str, train: Sequence[Annotation], fit: Callable[[], Scorer]) -> Contender:
        say(f"{name}: {len(train):,} sentences")
        started = time.monotonic()
        scorer = fit()
        seconds = round(time.monotonic() - started)
        predictions = _predict(scorer, split.dev, sets)
        return Contender(name, len(train), seconds, predictions)

    texts, labels = [each.text for each in split.fitted], multi_hot(split.fitted)
    baselines = [
        contend(name, split.fitted, lambda fit=fit: fit(texts, labels, base, trainer))  # type: ignore[misc]
        for name, fit in BASELINES.items()
    ]
    parts = [_documents(split.fitted, share) for share in SHARES]
    curve = [
        contend("fine-tuning", part, lambda part=part: _fine_tuned(part, split, base, trainer))  # type: ignore[misc]
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
        InvalidData: it was made with other sentences, and comparing with it would mislead.
    """
    row = read_json_object(path)
    if row.get("data_fingerprint") != data_fingerprint:
        valid = "a study of the sentences that are trained on: run it again"
        got = str(row.get("data_fingerprint"))[:12]
        raise InvalidData([Fault(str(path), 0, "data_fingerprint", "stale", got, valid)])
    try:
        return Study(
            data_fingerprint,
            [_contender(each) for each in row["baselines"]],
            [_contender(each) for each in row["learning_curve"]],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        fault = Fault(str(path), 0, "study", "form", repr(error), "what make study writes")
        raise InvalidData([fault]) from error


def _fine_tuned(part: Sequence[Annotation], split: Split, base: Base, trainer: Trainer) -> Scorer:
    network = base.network(trainer.recipe.seed)
    examples = make_examples(part, trainer.encoder, hard_weight=trainer.recipe.hard_weight)
    trainer.fine_tune(network, examples, make_examples(split.dev, trainer.encoder))
    return network_scorer(network, trainer)


def _documents(annotations: Sequence[Annotation], share: float) -> list[Annotation]:
    limit = round(1000 * share)
    return [a for a in annotations if bucket(a.group, salt=_SALT, buckets=1000) < limit]


def _predict(
    scorer: Scorer, dev: Sequence[Annotation], sets: Mapping[str, Sequence[Annotation]]
) -> dict[str, Predictions]:
    try:
        drawn = [dev[i] for i in representative(dev)]
        fitted = calibrate(scorer([each.text for each in drawn]), multi_hot(drawn))
    except NotEnoughData:  # it learnt nothing that could be calibrated: taken as it comes
        fitted = Fitted((Platt(1.0, 0.0),) * 3, (Decision(0.5, 0.5, 0.5, None),) * 3)
    thresholds = np.array([decision.threshold for decision in fitted.decisions])
    answer = {}
    for name, rows in sets.items():
        p = probabilities(scorer([each.text for each in rows]), fitted.calibration)
        answer[name] = Predictions.of(p, p >= thresholds, rows)
    return answer


def _row(contender: Contender) -> dict[str, object]:
    predictions = {
        name: {
            "probabilities": p.probabilities.round(5).tolist(),
            "assigned": p.assigned.tolist(),
            "gold": p.gold.tolist(),
            "groups": p.groups.tolist(),
        }
        for name, p in contender.predictions.items()
    }
    return {**vars(contender), "predictions": predictions}


def _contender(row: Mapping[str, Any]) -> Contender:
    predictions = {
        name: Predictions(**{field: np.array(values) for field, values in arrays.items()})
        for name, arrays in row["predictions"].items()
    }
    return Contender(**{**row, "predictions": predictions})
