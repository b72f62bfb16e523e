"""Read JSON from files: one value a line, or one value a file; every fault is typed."""

import gzip
import json
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from data.annotation.row_checks import Problem
from model.errors import Fault, InvalidData

Line = tuple[int, object, Problem | None]  # number from 1, value, what is wrong with it

_ONE_A_LINE = "one JSON object a line"


def read_json_lines(path: Path) -> Iterator[Line]:
    """Yield every line of a UTF-8 file, parsed; a line that is not JSON comes with its problem.

    A file whose name ends in .gz is unpacked on the way. A byte order mark and blank lines at the
    end are passed over. Blank lines between others are one problem, as rows may have been lost.

    Raises:
        InvalidData: the file cannot be read.
    """
    blank: list[int] = []
    inner: list[int] = []
    rows = 0
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                line = line.removeprefix(BOM_UTF8) if number == 1 else line
                if not line.strip():
                    blank.append(number)
                    continue
                inner, blank = [*inner, *blank], []
                rows += 1
                yield number, *_parse(line)
    except (OSError, EOFError) as error:  # EOFError: a gzip file that was cut off
        raise unreadable(path, error) from error
    for each in () if rows else blank:
        yield each, None, blank_lines([each])
    if inner:
        yield inner[0], None, blank_lines(inner)


def blank_lines(numbers: Sequence[int]) -> Problem:
    """What is wrong with lines that hold nothing; it is said once, at the first."""
    several = f"{len(numbers):,} empty lines, the first here"
    return ("row", "blank", several if len(numbers) > 1 else "an empty line", _ONE_A_LINE)


def read_json_objects(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """Read a file of one JSON object a line, whole; each comes with the number of its line.

    Raises:
        InvalidData: the file cannot be read, or with a fault for every line that is not an object.
    """
    rows: list[tuple[int, dict[str, Any]]] = []
    faults: list[Fault] = []
    for number, value, problem in read_json_lines(path):
        if isinstance(value, dict):
            rows.append((number, value))
        else:
            name, code, got, valid = problem or ("row", "type", value, _ONE_A_LINE)
            faults.append(Fault(str(path), number, name, code, str(got)[:60], valid))
    if faults:
        raise InvalidData(faults)
    return rows


def read_json_object(path: Path, *, valid: str = "one JSON object") -> dict[str, Any]:
    """Read a file that is one JSON object; `valid` says in an error what it should have been.

    Raises:
        InvalidData: the file cannot be read, or is anything else.
    """
    try:
        content = path.read_bytes().removeprefix(BOM_UTF8)
    except OSError as error:
        raise unreadable(path, error, valid=valid) from error
    value, problem = _parse(content)
    if not isinstance(value, dict):
        code, got = (problem[1], problem[2]) if problem else ("type", value)
        fault = Fault(str(path), 0, "file", code, str(got)[:60], valid)
        raise InvalidData([fault])
    return value


def unreadable(path: Path, error: Exception, *, valid: str = "a file") -> InvalidData:
    """Make the error to raise for a file that cannot be opened."""
    reason = getattr(error, "strerror", None) or str(error)
    return InvalidData([Fault(str(path), 0, "file", "unreadable", reason, valid)])


def _parse(line: bytes) -> tuple[object, Problem | None]:
    try:
        text = line.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        return None, ("row", "encoding", f"byte {error.start}: {error.reason}", "UTF-8")
    try:
        return json.loads(text), None
    except (ValueError, RecursionError) as error:  # ValueError also for numbers of 4,301 digits
        return None, ("row", "json", text[:60], f"{_ONE_A_LINE} ({error})")
