"""What the other fields of a row may hold: whatever every file and database can hold."""

import math
from typing import Any

from data.annotation.row_checks import Problem

_MAX_DEPTH = 50  # lists in lists; Python's own JSON writer gives up at some 900


def check_details(name: str, value: object) -> list[Problem]:
    """Report lone surrogates in texts or keys, numbers that are not finite, and deep nesting."""
    waiting: list[tuple[object, int]] = [(name, 0), (value, 0)]
    while waiting:
        each, depth = waiting.pop()
        if isinstance(each, str) and any("\ud800" <= c <= "\udfff" for c in each):
            return [(writable(name), "character", each, "text without lone surrogates")]
        if isinstance(each, float) and not math.isfinite(each):
            return [(writable(name), "number", each, "a finite number; NaN is not JSON")]
        if depth > _MAX_DEPTH:
            return [(writable(name), "nesting", f"{depth} levels", f"at most {_MAX_DEPTH}")]
        if isinstance(each, dict):
            waiting += [(part, depth + 1) for pair in each.items() for part in pair]
        elif isinstance(each, list):
            waiting += [(part, depth + 1) for part in each]
    return []


def writable(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Write out what no UTF-8 file and no JSON can hold; everything else stays as it is."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {writable(name): writable(each) for name, each in value.items()}
    return [writable(each) for each in value] if isinstance(value, list) else value
