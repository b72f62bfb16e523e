"""Read the TOML files that people write: every fault told at once, with what would be valid."""

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import AfterValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from model.errors import Fault, InvalidData

Fields = TypeVar("Fields")
_UNKNOWN, _MISSING, _OWN_CHECK = "unexpected_keyword_argument", "missing", "value"
_BOUNDS = ("greater_than", "greater_than_equal", "less_than", "less_than_equal")


def read_toml(path: Path, into: type[Fields]) -> Fields:
    """Read a TOML file into a pydantic dataclass: every field must be there, and no other.

    Raises:
        InvalidData: the file cannot be read or parsed, or with every fault of its fields.
    """
    row = _parse(path)
    try:
        return into(**row)
    except ValidationError as error:
        known = list(into.__annotations__)
        faults = [_fault(path, each, known) for each in error.errors()]
        raise InvalidData(faults) from error


def one_of(*choices: str) -> AfterValidator:
    """Let a text field be one of these values only."""

    def check(value: str) -> str:
        if value not in choices:
            raise fault(_suggestion(value, choices) or f"one of {', '.join(choices)}")
        return value

    return AfterValidator(check)


def fault(valid: str) -> PydanticCustomError:
    """Make what a field's own check raises; `valid` says what would be right."""
    return PydanticCustomError(_OWN_CHECK, "{valid}", {"valid": valid})


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        fault = Fault(str(path), 0, "file", "toml", str(error), "a TOML file")
        raise InvalidData([fault]) from error


def _fault(path: Path, error: ErrorDetails, known: list[str]) -> Fault:
    name, kind = str(error["loc"][0]), error["type"]
    if kind == _UNKNOWN:
        valid = _suggestion(name, known) or f"valid: {', '.join(known)}"
        return Fault(str(path), 0, name, "unknown_field", repr(error["input"]), valid)
    if kind == _MISSING:
        valid = "a value, such as in the file of the same kind under training/"
        return Fault(str(path), 0, name, "missing", "nothing", valid)
    code = "range" if kind in _BOUNDS else "value" if kind == _OWN_CHECK else "type"
    return Fault(str(path), 0, name, code, repr(error["input"]), error["msg"])


def _suggestion(name: str, known: list[str] | tuple[str, ...]) -> str | None:
    close = get_close_matches(name, known, n=1)
    return f"did you mean {close[0]!r}?" if close else None
