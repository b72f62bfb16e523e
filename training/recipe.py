"""What trains: every choice of a training run, read from one TOML file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from model.engines.choose import OPENVINO_FP32, OPENVINO_INT8
from model.errors import Fault, InvalidData
from training.toml_file import read_toml

RECIPES = Path(__file__).parent / "recipes"
BASE = "base"
PRECISIONS = ("auto", "fp32", "bf16")
ENGINES = (OPENVINO_FP32, OPENVINO_INT8)
_CHOICES: Mapping[str, tuple[str, ...]] = {"precision": PRECISIONS, "engine": ENGINES}
_RANGES: Mapping[str, tuple[float, float]] = {
    "folds": (0, 20),
    "frozen_layers": (0, 100),
    "max_epochs": (1, 1000),
    "batch_sentences": (1, 4096),
    "max_window": (8, 8192),
    **dict.fromkeys(
        ("warmup_share", "dropout", "ema_decay", "hard_weight", "extra_weight", "soft_share"),
        (0, 1),
    ),
}


@dataclass(frozen=True)
class Recipe:
    """The fields are explained, with their reasons, in training/recipes/default.toml."""

    base_model: str
    start: str
    frozen_layers: int
    max_window: int
    mask_names: bool
    freeze_word_embeddings: bool
    folds: int
    max_epochs: int
    patience: int
    batch_sentences: int
    learning_rate: float
    head_learning_rate: float
    weight_decay: float
    dropout: float
    warmup_share: float
    ema_decay: float
    hard_weight: float
    extra_weight: float
    soft_share: float
    teacher: str
    seed: int
    precision: str
    engine: str
    min_positives: int


def read_recipe(path: Path) -> Recipe:
    """Read a recipe; every field must be there and no other.

    Raises:
        InvalidData: with every fault of the file.
    """
    row = read_toml(path)
    faults = [
        Fault(str(path), 0, name, code, got, valid)
        for name, code, got, valid in [*_faults(row), *_contradictions(row)]
    ]
    if faults:
        raise InvalidData(faults)
    return Recipe(**row)


def _faults(row: dict[str, object]) -> Iterator[tuple[str, str, str, str]]:
    known = {field.name: field.type for field in fields(Recipe)}
    for name in row.keys() - known:
        yield name, "unknown_field", repr(row[name]), f"valid: {', '.join(known)}"
    for name, kind in known.items():
        value = row.get(name)
        if value is None:
            yield name, "missing", "nothing", f"a value, such as in {RECIPES}"
        elif type(value) is not kind and not (kind is float and type(value) is int):
            yield name, "type", repr(value), getattr(kind, "__name__", str(kind))
        elif name in _CHOICES and value not in _CHOICES[name]:
            yield name, "value", repr(value), f"one of {', '.join(_CHOICES[name])}"
        elif name in _RANGES and not _RANGES[name][0] <= value <= _RANGES[name][1]:  # type: ignore[operator]
            yield name, "range", repr(value), "{} to {}".format(*_RANGES[name])


def _contradictions(row: dict[str, object]) -> Iterator[tuple[str, str, str, str]]:
    folds = row.get("folds")
    teacher, soft = row.get("teacher"), row.get("soft_share")
    if type(folds) is int and (folds == 1 or (folds == 0 and soft and not teacher)):
        valid = (
            "2 or more; or 0, without soft_share or with a teacher, to calibrate on the dev part"
        )
        yield "folds", "value", repr(folds), valid
    if teacher and (folds or not soft):
        yield "teacher", "value", repr(teacher), "a file only with soft_share above 0 and no folds"
