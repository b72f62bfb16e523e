"""The text of a file in whatever encoding it says, and the JSON values in it."""

import codecs
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from data.annotation.json_lines import Line, blank_lines, unreadable
from data.exchange.formats.fields.options import ReadOptions
from model.errors import Fault, InvalidData

# longest first: the mark of UTF-32 begins with that of UTF-16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE = "one JSON object a line"


def read_text(path: Path, options: ReadOptions) -> str:
    """Read a text file whole; a byte order mark says its encoding.

    Raises:
        InvalidData: it cannot be opened, or its bytes are not of the encoding.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    encoding = options.encoding or marked
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except LookupError:
        fault = _encoding_fault(path, 0, f"the encoding {encoding!r}", "a name that Python knows")
        raise InvalidData([fault]) from None
    except UnicodeError as error:
        place = getattr(error, "start", 0)
        line = content.count(b"\n", 0, place) + 1
        found = f"byte {place} is not {encoding}"
        raise InvalidData(
            [_encoding_fault(path, line, found, _advice(content, place, encoding))]
        ) from error


def text_start(head: bytes, options: ReadOptions) -> str:
    """The first bytes of a file as text, with a sign for what cannot be read."""
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")
    try:
        return head.decode(options.encoding or marked, errors="replace").removeprefix("\ufeff")
    except LookupError:
        return head.decode(errors="replace")  # reading the file will tell


def read_values(path: Path, options: ReadOptions) -> Iterator[Line]:
    """Yield the values of a JSON array, of one object, or of JSON lines, with number and problem.

    Blank lines at the end are no rows; those between others are one problem. A key that stands
    twice in an object is a problem.

    Raises:
        InvalidData: the file cannot be read, or is neither.
    """
    text = read_text(path, options).rstrip()
    if text.lstrip().startswith("["):
        yield from enumerate_values(_whole(text, path))
        return
    if text.lstrip().startswith("{") and _is_one_object(text):
        yield 1, *_parsed(text)
        return
    # not splitlines: it also cuts at characters that may stand within a string
    blank = []
    for number, line in enumerate(text.split("\n") if text else (), 1):
        if line.strip():
            yield number, *_parsed(line)
        else:
            blank.append(number)
    if blank:
        yield blank[0], None, blank_lines(blank)


def enumerate_values(values: Iterable[object]) -> Iterator[Line]:
    """Yield values as the lines they would be."""
    for number, value in enumerate(values, 1):
        yield number, value, None


def _whole(text: str, path: Path) -> list[Any]:
    try:
        values: list[Any] = json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        fault = Fault(str(path), line, "file", "json", str(error), "a JSON array in UTF-8")
        raise InvalidData([fault]) from error
    return values


def _is_one_object(text: str) -> bool:
    """Whether an object begins on the first line and does not end on it."""
    first, newline, _ = text.partition("\n")
    if not newline:
        return False
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        try:
            return isinstance(json.loads(text), dict)
        except (ValueError, RecursionError):
            return False
    return False


def _parsed(line: str) -> tuple[object, tuple[str, str, object, str] | None]:
    try:
        return json.loads(line, object_pairs_hook=_unique), None
    except (ValueError, RecursionError) as error:
        return None, ("row", "json", line.strip()[:60], f"{_LINE} ({error})")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice: keep one")
    return found


def _encoding_fault(path: Path, line: int, found: str, valid: str) -> Fault:
    return Fault(str(path), line, "file", "encoding", found, valid)


def _advice(content: bytes, place: int, encoding: str) -> str:
    """Which encoding to try, with what the place would read in it."""
    if content[:2000].count(0) > len(content[:2000]) // 5:
        guess = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    else:
        guess = "cp1252" if encoding.replace("_", "-").casefold().startswith("utf-8") else "utf-8"
    shown = content[max(0, place - 20) : place + 20].decode(guess, errors="replace")
    return f"{encoding}, or say which: ENCODING={guess} would read {shown!r}"
