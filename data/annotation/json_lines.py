"""Files of one JSON value a line, each line parsed or told why not."""

import json
from collections.abc import Iterator
from pathlib import Path

from data.annotation.row_checks import Problem
from model.errors import Fault, InvalidData

Line = tuple[int, object, Problem | None]  # number from 1, value, what is wrong with it


def read_json_lines(path: Path) -> Iterator[Line]:
    """Yield every line of a UTF-8 file, parsed; a line that is no JSON comes with its problem.

    Raises:
        InvalidData: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                yield number, *_parse(line)
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> InvalidData:
    """What to raise for a file that cannot be opened."""
    reason = error.strerror or str(error)
    return InvalidData([Fault(str(path), 0, "file", "unreadable", reason, "a file")])


def _parse(line: bytes) -> tuple[object, Problem | None]:
    try:
        text = line.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        return None, ("row", "encoding", f"byte {error.start}: {error.reason}", "UTF-8")
    if not text:
        return None, ("row", "blank", "an empty line", "one JSON object a line")
    try:
        return json.loads(text), None
    except (json.JSONDecodeError, RecursionError) as error:
        return None, ("row", "json", text[:60], f"one JSON object a line ({error})")
