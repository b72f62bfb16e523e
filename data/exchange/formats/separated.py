"""CSV and TSV, UTF-8, with a header; see data.formats.table for the columns."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from data.annotation.json_lines import unreadable
from data.exchange.formats.answers import Row
from data.exchange.formats.table import COLUMNS, REST, cells_of, check_columns, joined, row_from
from data.judgements.rows_to_events import SourceRow
from model.errors import Fault, InvalidData

_NUMBERS = ("n", "year")
_FLAGS = {"true": True, "false": False, "1": True, "0": False}


def read_csv(path: Path) -> Iterator[SourceRow]:
    """Yield every row; a header with semicolons and no comma makes it semicolon-separated."""
    yield from _read(path, ",")


def read_tsv(path: Path) -> Iterator[SourceRow]:
    """Yield every row."""
    yield from _read(path, "\t")


def write_csv(rows: Iterable[Row], path: Path) -> None:
    """Write a header and one line a judgement."""
    _write(rows, path, ",")


def write_tsv(rows: Iterable[Row], path: Path) -> None:
    """Write a header and one line a judgement."""
    _write(rows, path, "\t")


def _read(path: Path, delimiter: str) -> Iterator[SourceRow]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            if delimiter == "," and ";" in header and "," not in header:
                delimiter = ";"  # what spreadsheets write where the comma is the decimal mark
            columns = next(csv.reader([header], delimiter=delimiter), [])
            columns = [name.strip() for name in columns]
            check_columns(columns, path)
            yield from _rows(file, columns, delimiter)
    except OSError as error:
        raise unreadable(path, error) from error
    except UnicodeDecodeError as error:
        found = f"byte {error.start}: {error.reason}"
        raise InvalidData([Fault(str(path), 0, "file", "encoding", found, "UTF-8")]) from error


def _rows(file: TextIO, columns: list[str], delimiter: str) -> Iterator[SourceRow]:
    reader = csv.reader(file, delimiter=delimiter)
    line = 2
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield SourceRow(line, problem=("row", "csv", str(error), "one sentence a row"))
            return
        if cells is None:
            return
        if len(cells) == len(columns):
            yield row_from(line, _typed(dict(zip(columns, cells, strict=True))))
        else:
            found = f"{len(cells)} cells"
            yield SourceRow(line, problem=("row", "cells", found, f"{len(columns)}, one a column"))
        line = reader.line_num + 2  # the header was read before


def _typed(cells: Mapping[str, str]) -> dict[str, Any]:
    typed: dict[str, Any] = dict(cells)
    for name in _NUMBERS:
        if cells.get(name, "").strip().isdecimal():
            typed[name] = int(cells[name])
    for name in ("hard", "fictional"):
        typed |= (
            {name: _FLAGS[cells[name].lower()]} if cells.get(name, "").lower() in _FLAGS else {}
        )
    return typed


def _write(rows: Iterable[Row], path: Path, delimiter: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, (*COLUMNS, REST), delimiter=delimiter)
        writer.writeheader()
        for row in rows:
            cells = cells_of(row)
            writer.writerow({**cells, "labels": joined(cells.get("labels"))})
