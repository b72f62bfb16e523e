"""CSV and TSV with a header. A quote that is never closed costs its own row, not the file.

Every cell is text, so that an id such as 007 stays as it is.
"""

import csv
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from typing import Any

from serve.archive.inputs.byte_stream import ByteStream
from serve.archive.inputs.record import MAX_BYTES, Found, Position, Problem, ReadOptions, shown

_DELIMITERS = (",", ";", "\t", "|")
_QUOTES = "quotes that are closed, and doubled within quotes"


class _TooLong(Exception):
    """A row goes on for more bytes than a row may have."""


class _Lines:
    """The lines of a table as `csv` takes them, with those of the row that is being read.

    A byte that is not of the encoding becomes a lone surrogate, so that it harms only its own row.
    """

    def __init__(self, stream: ByteStream, encoding: str) -> None:
        self._stream, self._encoding = stream, encoding
        self._again: list[bytes] = []
        self.row: list[bytes] = []
        self._bytes = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._stream.readline(MAX_BYTES)
        if not line:
            raise StopIteration
        self.row.append(line)
        self._bytes += len(line)
        if self._bytes > MAX_BYTES or (len(line) == MAX_BYTES and not line.endswith(b"\n")):
            raise _TooLong
        return line.decode(self._encoding, "surrogateescape")

    @property
    def bytes_waiting(self) -> int:
        """Bytes that were read from the file and are to be read again."""
        return sum(map(len, self._again))

    def begin_row(self) -> None:
        """Forget the row that was read."""
        self.row, self._bytes = [], 0

    def give_back(self) -> None:
        """Let all lines of the row but its first be read again."""
        self._again += reversed(self.row[1:])
        del self.row[1:]


def read_csv(stream: ByteStream, start: Position, options: ReadOptions) -> Iterator[Found]:
    """Yield every row; what separates cells is what makes sense of the header."""
    yield from _read(stream, start, options, ",")


def read_tsv(stream: ByteStream, start: Position, options: ReadOptions) -> Iterator[Found]:
    """Yield every row."""
    yield from _read(stream, start, options, "\t")


def _read(stream: ByteStream, start: Position, options: ReadOptions, usual: str) -> Iterator[Found]:
    csv.field_size_limit(MAX_BYTES)
    header = stream.readline(MAX_BYTES)
    if not header:
        return
    first = header.removeprefix(BOM_UTF8).decode(options.encoding, "surrogateescape")
    delimiter = _delimiter(first, options, usual)
    lines = _Lines(stream, options.encoding)
    lines._again.append(header.removeprefix(BOM_UTF8))
    names, problem = _row(lines, delimiter)
    after = Position(stream.offset - lines.bytes_waiting, len(lines.row), 0)
    if problem := problem or _header_problem(names, options):
        yield Found(1, after, problem, ends=True)
        return
    if start.offset > after.offset:
        stream.skip_to(start.offset)
        lines, after = _Lines(stream, options.encoding), start
    yield from _rows(stream, lines, names, delimiter, after)


def _rows(
    stream: ByteStream, lines: _Lines, names: list[str], delimiter: str, at: Position
) -> Iterator[Found]:
    line, record = at.line, at.record
    while True:
        lines.begin_row()
        cells, problem = _row(lines, delimiter)
        if not lines.row:
            return
        begun, line = line + 1, line + len(lines.row)
        if problem is None and not any(cells):
            continue
        record += 1
        after = Position(stream.offset - lines.bytes_waiting, line, record)
        yield Found(begun, after, problem or _fields(names, cells, lines.row[0]))


def _row(lines: _Lines, delimiter: str) -> tuple[list[str], Problem | None]:
    """Read one row; where it cannot be read, only its first line is used up."""
    try:
        return next(csv.reader(lines, delimiter=delimiter, strict=True), []), None
    except (csv.Error, _TooLong) as error:
        long = isinstance(error, _TooLong)
        code, got = ("too_long", f"over {MAX_BYTES:,} bytes") if long else ("quotes", str(error))
        lines.give_back()
        return [], Problem("row", code, got, _QUOTES, shown(lines.row[0]))


def _fields(names: Sequence[str], cells: list[str], raw: bytes) -> dict[str, Any] | Problem:
    while len(cells) > len(names) and not cells[-1].strip():
        cells.pop()  # empty ones beyond the header, as spreadsheets leave them
    if len(cells) != len(names):
        got, valid = f"{len(cells)} cells", f"{len(names)}, one a column"
        return Problem("row", "cells", got, valid, shown(raw))
    for name, cell in zip(names, cells, strict=True):
        if wrong := next((c for c in cell if "\udc80" <= c <= "\udcff"), None):
            got = f"byte 0x{ord(wrong) - 0xDC00:02x} in column {name!r}"
            return Problem(name, "encoding", got, "UTF-8, or another ENCODING=", shown(raw))
    return {name: cell for name, cell in zip(names, cells, strict=True) if name}


def _delimiter(header: str, options: ReadOptions, usual: str) -> str:
    """What separates the header into names that are wanted, and else into the most names."""
    wanted = {options.text, options.id or "id"}

    def fits(delimiter: str) -> tuple[int, bool, int]:
        names = next(csv.reader([header], delimiter=delimiter), [])
        return sum(name.strip() in wanted for name in names), delimiter == usual, len(names)

    return max(_DELIMITERS, key=fits)


def _header_problem(names: list[str], options: ReadOptions) -> Problem | None:
    names[:] = [name.strip() for name in names]
    if twice := next((name for name in names if name and names.count(name) > 1), None):
        return Problem("file", "header", f"two columns {twice!r}", "each column once")
    if missing := next((n for n in (options.text, options.id) if n and n not in names), None):
        found = ", ".join(names)[:200]
        return Problem("file", "column", f"columns {found}", f"a column {missing!r}, or TEXT=, ID=")
    return None
