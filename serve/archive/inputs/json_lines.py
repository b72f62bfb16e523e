"""JSON Lines: an object a line. Blank lines are passed over."""

import json
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Any

from serve.archive.inputs.byte_stream import ByteStream
from serve.archive.inputs.record import (
    MAX_BYTES,
    Found,
    Position,
    Problem,
    ReadOptions,
    decoded,
    shown,
)

_VALID = "one JSON object a line"


class _RepeatedField(ValueError):
    """A JSON object names a field twice: which value is meant cannot be known."""


def read_json_lines(stream: ByteStream, start: Position, options: ReadOptions) -> Iterator[Found]:
    """Yield every line that is not blank."""
    stream.skip_to(start.offset)
    line, record = start.line, start.record
    while content := stream.readline(MAX_BYTES):
        line += 1
        whole = _skip_rest(stream, content)
        if line == 1:
            content = content.removeprefix(BOM_UTF8)
        if not content.strip():
            continue
        record += 1
        value = _parse(content, options) if whole else _too_long(content)
        yield Found(line, Position(stream.offset, line, record), value)


def _skip_rest(stream: ByteStream, content: bytes) -> bool:
    """Pass over what is left of a line that was too long; returns whether nothing was."""
    if len(content) < MAX_BYTES or content.endswith(b"\n"):
        return True
    while (more := stream.readline(MAX_BYTES)) and not more.endswith(b"\n"):
        pass
    return False


def _too_long(content: bytes) -> Problem:
    got = f"over {MAX_BYTES:,} bytes"
    return Problem("row", "too_long", got, "a line of fewer bytes", shown(content))


def _parse(content: bytes, options: ReadOptions) -> dict[str, Any] | Problem:
    text = decoded(content, options.encoding)
    if isinstance(text, Problem):
        return text
    try:
        value = _DECODER.decode(text.strip())
    except _RepeatedField as error:
        return Problem("row", "repeated_field", str(error), "each field once", shown(content))
    except (ValueError, RecursionError) as error:  # ValueError also for numbers of 4,301 digits
        return Problem("row", "json", text.strip()[:60], f"{_VALID} ({error})", shown(content))
    if not isinstance(value, dict):
        return Problem("row", "type", type(value).__name__, _VALID, shown(content))
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        raise _RepeatedField(next(repr(name) for name in names if names.count(name) > 1))
    return fields


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)
