"""manifest.json: everything beside the weights that decides a prediction."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from model.decide.calibration import Platt
from model.decide.labels import Decision
from model.decide.second_opinion import Blend
from model.errors import ArtifactFormat, ArtifactLabels
from model.stance import STANCES

FORMAT = 1


@dataclass(frozen=True)
class Careful:
    """The second network of a model, which reads what the first one doubts.

    Attributes:
        engine, max_window, pad_id: as those of the first one; its files are in a folder of its own.
        cost: of reading a token, as a multiple of what the first network takes for it; measured.
        share: of held-out sentences that are asked twice.
        blend: when it is asked, and what follows from both answers.
        provenance: how it was made, as of a model of its own.
    """

    engine: str
    max_window: int
    pad_id: int
    cost: float
    share: float
    blend: Blend
    provenance: Mapping[str, Any]


@dataclass(frozen=True)
class Manifest:
    """The description of a model, which training writes and serving verifies.

    Attributes:
        engine: the runtime of the graph, such as "openvino-int8".
        max_window: tokens of one forward pass, special tokens included.
        pad_id: the token id that fills batches.
        normalisation: the file that normalises text, tokenizer.json, so that serving does the same.
        calibration: one Platt line a stance, in the order of `labels`.
        decisions: one Decision a stance, in the order of `labels`.
        score_tolerance: how much a probability may change between machines.
        provenance: how the model was made: base, fingerprints, recipe, seeds, packages.
        metrics: what evaluation measured.
        files: sha256 of every other file of the folder, by relative path.
        careful: the second network; None, and not written, of a model with one.
    """

    version: str
    engine: str
    max_window: int
    pad_id: int
    normalisation: str
    calibration: tuple[Platt, ...]
    decisions: tuple[Decision, ...]
    score_tolerance: float
    provenance: Mapping[str, Any]
    metrics: Mapping[str, Any]
    files: Mapping[str, str]
    labels: tuple[str, ...] = STANCES
    format: int = FORMAT
    careful: Careful | None = None

    def to_json(self) -> str:
        """Return readable JSON, ending in a line break."""
        row = asdict(self)
        if self.careful is None:
            del row["careful"]
        return json.dumps(row, indent=2, ensure_ascii=False) + "\n"


def read_manifest(text: str) -> Manifest:
    """Parse manifest.json.

    Raises:
        ArtifactFormat: not JSON, another format number, or fields missing or unknown.
        ArtifactLabels: labels that are not STANCES in that order.
    """
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:  # also a number of 5,000 digits, and deep nesting
        raise ArtifactFormat(f"manifest.json is not JSON: {error}") from error
    _check(row)
    try:
        calibration, decisions = _deciding(row)
        careful = _careful(row.pop("careful", None))
    except (TypeError, KeyError, AttributeError) as error:
        raise ArtifactFormat(f"manifest.json: {error!r}") from error
    parts = {"calibration": calibration, "decisions": decisions, "careful": careful}
    return Manifest(**{**row, **parts, "labels": STANCES})


def _deciding(row: dict[str, Any]) -> tuple[tuple[Platt, ...], tuple[Decision, ...]]:
    """Take the calibration and the decisions out of a table."""
    calibration = tuple(Platt(**platt) for platt in row.pop("calibration"))
    decisions = tuple(Decision(**decision) for decision in row.pop("decisions"))
    if len(calibration) != len(STANCES) or len(decisions) != len(STANCES):
        raise ArtifactFormat(f"manifest.json must calibrate and decide {len(STANCES)} stances")
    return calibration, decisions


def _careful(row: dict[str, Any] | None) -> Careful | None:
    if row is None:
        return None
    blend = row.pop("blend")
    calibration, decisions = _deciding(blend)
    blend = Blend(**blend, calibration=calibration, decisions=decisions)
    if not (0 <= blend.doubt <= 0.5 and 0 <= blend.weight <= 1 and row["cost"] > 0):
        raise ArtifactFormat("manifest.json: doubt, weight or cost of careful is out of range")
    return Careful(**row, blend=blend)


def _check(row: object) -> None:
    if not isinstance(row, dict) or row.get("format") != FORMAT:
        got = row.get("format") if isinstance(row, dict) else row
        raise ArtifactFormat(
            f"manifest format {got!r} is not {FORMAT}, the one this version of Demarche reads: "
            "use the version that wrote the model, or train again"
        )
    tables = ("provenance", "metrics", "files")
    if odd := [name for name in tables if not isinstance(row.get(name, {}), dict)]:
        raise ArtifactFormat(f"manifest.json has no tables under {odd}")
    if not isinstance(row.get("version", ""), str):
        raise ArtifactFormat(f"manifest.json has a version that is no text: {row['version']!r}")
    wrong = {field.name for field in fields(Manifest)} ^ {*row, "careful"}
    if wrong:
        raise ArtifactFormat(f"manifest.json has fields missing or unknown: {sorted(wrong)}")
    if row["labels"] != list(STANCES):
        raise ArtifactLabels(f"the model's labels are {row['labels']}, not {list(STANCES)}")
