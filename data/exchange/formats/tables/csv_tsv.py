"""CSV and TSV with a header; see `table` for the columns.

Quotes are those of RFC 4180: one that is not closed or not doubled would glue rows together, so
it is refused. A table with tabs in which nothing is quoted is read as it stands.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from data.annotation.row_checks import Problem
from data.exchange.formats.fields.answer_field import USUAL
from data.exchange.formats.fields.answers import names_stances
from data.exchange.formats.fields.content import read_text
from data.exchange.formats.fields.options import ReadOptions, folded
from data.exchange.formats.fields.rows import Row
from data.exchange.formats.tables.filled import without_filled
from data.exchange.formats.tables.layout import Layout, layout_of
from data.exchange.formats.tables.table import COLUMNS, REST, cells_of, joined, row_from
from data.judgements.rows_to_events import SourceRow
from model.durable import whole_file
from model.errors import Fault, InvalidData
from model.stance import STANCES

_DELIMITERS = (",", ";", "\t", "|")
_QUOTES = "quotes that are closed, and doubled within quotes; or the same rows as JSONL"
_SEP = "sep="  # Excel's own first line, which names the delimiter


def read_csv(path: Path, options: ReadOptions) -> Iterator[SourceRow]:
    """Yield every row; what separates the cells is what makes sense of the header."""
    yield from _read(path, options, ",")


def read_tsv(path: Path, options: ReadOptions) -> Iterator[SourceRow]:
    """Yield every row."""
    yield from _read(path, options, "\t")


def write_csv(rows: Iterable[Row], path: Path) -> None:
    """Write a header and one line a judgement."""
    _write(rows, path, ",")


def write_tsv(rows: Iterable[Row], path: Path) -> None:
    """Write a header and one line a judgement."""
    _write(rows, path, "\t")


def _read(path: Path, options: ReadOptions, usual: str) -> Iterator[SourceRow]:
    text = read_text(path, options)
    first, _, rest = text.partition("\n")
    skipped = int(folded(first).startswith(_SEP) and len(first.rstrip("\r\n")) == len(_SEP) + 1)
    if skipped:
        usual, text = first[len(_SEP)], rest
    delimiter = _delimiter(text, options, usual)
    lines = _lines(text, delimiter, path, skipped)
    names = [name.strip() for name in next(lines, (1, []))[1]]
    rows = [(line, _as_wide_as(names, cells)) for line, cells in lines]
    tables = [dict(zip(names, cells, strict=False)) for _, cells in rows]
    layout = layout_of([name for name in names if name], tables, options, path)
    for (line, cells), table in zip(rows, tables, strict=True):
        if problem := _problem(cells, names, layout, options, delimiter):
            yield SourceRow(line, problem=problem)
        elif any(cells):
            table.pop("", None)
            full, filled = without_filled(table, names, layout, options)
            yield row_from(line, full, layout, options, unkept=filled)


def _delimiter(text: str, options: ReadOptions, usual: str) -> str:
    """What separates the header into the most names that are known."""
    known = {"text", "data", "annotator", "at", "doc", "act", *USUAL, *STANCES}
    known |= {options.text or "text", options.labels or "labels"}

    def recognised(delimiter: str) -> tuple[int, bool]:
        names = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        return sum(name.strip() in known for name in names), delimiter == usual

    return max(_DELIMITERS, key=recognised)


def _lines(text: str, delimiter: str, path: Path, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Each row's first line and its cells, without the blank ones."""
    source = io.StringIO(text, newline="")
    if delimiter == "\t" and _is_unquoted(text):
        reader = csv.reader(source, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(source, delimiter=delimiter, strict=True)
    line = 1 + skipped
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1 + skipped
    except csv.Error as error:
        found = f"{error}, in the row that begins here"
        raise InvalidData([Fault(str(path), line, "row", "quotes", found, _QUOTES)]) from error


def _is_unquoted(text: str) -> bool:
    """Whether quotes are text here: the lines are of one width, and no cell is a quoted one."""
    lines = [line.split("\t") for line in text.splitlines() if line.strip()]
    if '"' not in text or len({len(cells) for cells in lines}) != 1:
        return False
    quoted = [cell for cells in lines for cell in cells if cell.startswith('"')]
    return not any(len(cell) > 1 and cell.endswith('"') for cell in quoted)


def _as_wide_as(names: Sequence[str], cells: list[str]) -> list[str]:
    """The cells without empty ones beyond the header, as spreadsheets leave them."""
    while len(cells) > len(names) and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _problem(
    cells: Sequence[str],
    names: Sequence[str],
    layout: Layout,
    options: ReadOptions,
    delimiter: str,
) -> Problem | None:
    if len(cells) != len(names) and any(cells):
        return ("row", "cells", f"{len(cells)} cells", f"{len(names)}, one a column")
    if any(cell and not name for name, cell in zip(names, cells, strict=False)):
        return ("row", "cells", "a cell in a column without a name", "a name for each column")
    place = names.index(layout.columns[0])
    for line in (line for cell in cells if "\n" in cell for line in cell.splitlines()):
        inner = line.split(delimiter)
        if len(inner) == len(names) and names_stances(inner[place], options):
            return ("row", "quotes", f"a row within a cell: {line[:60]!r}", _QUOTES)
    return None


def _write(rows: Iterable[Mapping[str, object]], path: Path, delimiter: str) -> None:
    with whole_file(path, newline="") as file:
        writer = csv.DictWriter(file, (*COLUMNS, REST), delimiter=delimiter)
        writer.writeheader()
        for row in rows:
            cells = cells_of(row)
            writer.writerow({**cells, "labels": joined(cells.get("labels"))})
