"""The limits of the gate, read from one TOML file."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from model.errors import Fault, InvalidData
from training.toml_file import read_toml

GATES = Path(__file__).parents[1] / "gates.toml"


@dataclass(frozen=True)
class Gates:
    """The fields are explained, with their units and reasons, in training/gates.toml."""

    test_macro_f1_low: float
    test_label_f1: float
    confidence: float
    own_macro_f1: float
    own_label_f1: float
    own_positives: float
    critical_newly_failed: float
    critical_wish: float
    behaviour: float
    calibration_error: float
    calibration_error_more: float
    time_ratio: float
    served_megabytes: float


def read_gates(path: Path = GATES) -> Gates:
    """Read the limits; every one must be there and no other.

    Raises:
        InvalidData: with every fault of the file.
    """
    row = read_toml(path)
    faults = list(_faults(row, str(path)))
    if faults:
        raise InvalidData(faults)
    return Gates(**{name: float(value) for name, value in row.items()})


def _faults(row: dict[str, object], file: str) -> Iterator[Fault]:
    known = [field.name for field in fields(Gates)]
    for name in row.keys() - set(known):
        yield Fault(file, 0, name, "unknown_field", repr(row[name]), f"valid: {', '.join(known)}")
    for name in known:
        value = row.get(name)
        if value is None:
            yield Fault(file, 0, name, "missing", "nothing", f"a number, such as in {GATES}")
        elif type(value) not in (int, float):
            yield Fault(file, 0, name, "type", repr(value), "a number")
        elif name == "confidence" and not 0 < float(value) < 100:  # type: ignore[arg-type]
            yield Fault(file, 0, name, "range", repr(value), "above 0 and below 100 (%)")
