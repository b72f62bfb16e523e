"""What trains: every choice of a training run, read from one TOML file."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from model.engines.choose import OPENVINO_FP32, OPENVINO_INT8
from model.errors import Fault, InvalidData

RECIPES = Path(__file__).parent / "recipes"
PRECISIONS = ("auto", "fp32", "bf16")
ENGINES = (OPENVINO_FP32, OPENVINO_INT8)


@dataclass(frozen=True)
class Recipe:
    """The fields are explained, with their reasons, in training/recipes/default.toml."""

    base_model: str
    max_window: int
    freeze_word_embeddings: bool
    folds: int
    max_epochs: int
    patience: int
    batch_sentences: int
    learning_rate: float
    head_learning_rate: float
    weight_decay: float
    warmup_share: float
    seed: int
    precision: str
    engine: str
    min_positives: int


def read_recipe(path: Path) -> Recipe:
    """Read a recipe; every field must be there and no other.

    Raises:
        InvalidData: with every fault of the file.
    """
    try:
        row = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidData(
            [Fault(str(path), 0, "file", "toml", str(error), "a TOML file")]
        ) from error
    faults = [
        Fault(str(path), 0, name, code, got, valid) for name, code, got, valid in _faults(row)
    ]
    if faults:
        raise InvalidData(faults)
    return Recipe(**row)


def _faults(row: dict[str, object]) -> list[tuple[str, str, str, str]]:
    known = {field.name: field.type for field in fields(Recipe)}
    faults = [
        (name, "unknown_field", repr(row[name]), f"valid: {', '.join(known)}")
        for name in row.keys() - known
    ]
    for name, kind in known.items():
        value = row.get(name)
        if value is None:
            faults.append((name, "missing", "nothing", f"a value, such as in {RECIPES}"))
        elif type(value) is not kind and not (kind is float and type(value) is int):
            faults.append((name, "type", repr(value), getattr(kind, "__name__", str(kind))))
    for name, choices in (("precision", PRECISIONS), ("engine", ENGINES)):
        if isinstance(row.get(name), str) and row[name] not in choices:
            faults.append((name, "value", repr(row[name]), f"one of {', '.join(choices)}"))
    for name in ("folds", "max_epochs", "batch_sentences", "max_window"):
        lowest = {"folds": 2, "max_window": 8}.get(name, 1)
        value = row.get(name)
        if type(value) is int and value < lowest:
            faults.append((name, "range", repr(value), f"at least {lowest}"))
    return faults
