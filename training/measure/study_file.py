"""A study as a JSON file: every prediction, so that a report can be made again without training."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from data.annotation.json_lines import read_json_object
from model.durable import replace_text
from model.errors import Fault, InvalidData
from training.measure.by_source import BySource
from training.measure.evaluate import Predictions
from training.measure.study import ComparedModel, Study

_WRITTEN = "a file that `make study` wrote"


def write_study(study: Study, path: Path) -> None:
    """Write as JSON, whole or not at all."""
    row = {
        "data_fingerprint": study.data_fingerprint,
        "baselines": [_row(each) for each in study.baselines],
        "learning_curve": [_row(each) for each in study.learning_curve],
        "by_source": _by_source_row(study.by_source) if study.by_source else None,
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
        by_source = _by_source(row["by_source"]) if row.get("by_source") else None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        fault = Fault(str(path), 0, "file", "unreadable", reason, _WRITTEN)
        raise InvalidData([fault]) from error
    if made_from != data_fingerprint:
        valid = "a study of the sentences that are trained on: run it again"
        raise InvalidData([Fault(str(path), 0, "data_fingerprint", "stale", made_from[:12], valid)])
    return Study(made_from, baselines, learning_curve, by_source)


def _row(model: ComparedModel) -> dict[str, object]:
    predictions = {name: _arrays(p) for name, p in model.predictions.items()}
    return {**vars(model), "predictions": predictions}


def _compared(row: Mapping[str, Any]) -> ComparedModel:
    predictions = {name: _predictions(arrays) for name, arrays in row["predictions"].items()}
    return ComparedModel(**{**row, "predictions": predictions})


def _by_source_row(found: BySource) -> dict[str, object]:
    return {
        "in_source": _arrays(found.in_source),
        "out_of_source": _arrays(found.out_of_source),
        "registers": found.registers,
        "sources": found.sources,
        "curve": {str(sources): _arrays(p) for sources, p in found.curve.items()},
    }


def _by_source(row: Mapping[str, Any]) -> BySource:
    return BySource(
        in_source=_predictions(row["in_source"]),
        out_of_source=_predictions(row["out_of_source"]),
        registers=[str(each) for each in row["registers"]],
        sources=int(row["sources"]),
        curve={int(sources): _predictions(arrays) for sources, arrays in row["curve"].items()},
    )


def _arrays(predictions: Predictions) -> dict[str, object]:
    return {
        "probabilities": predictions.probabilities.round(5).tolist(),
        "assigned": predictions.assigned.tolist(),
        "gold": predictions.gold.tolist(),
        "groups": predictions.groups.tolist(),
    }


def _predictions(arrays: Mapping[str, Any]) -> Predictions:
    return Predictions(**{field: np.array(values) for field, values in arrays.items()})
