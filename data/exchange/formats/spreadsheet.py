"""Excel's .xlsx: one sheet with a header; see `table` for the columns."""

from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile

from data.exchange.formats.options import ReadOptions
from data.exchange.formats.table import row_from
from data.exchange.formats.table_layout import layout_of
from data.judgements.rows_to_events import SourceRow
from model.errors import Fault, InvalidData

Sheet = list[tuple[object, ...]]


def read(path: Path, options: ReadOptions) -> Iterator[SourceRow]:
    """Yield every row of the one sheet that holds any; numbers are those of the sheet.

    Raises:
        InvalidData: it cannot be read, several sheets hold rows, or a column is missing.
    """
    sheets = {name: rows for name, rows in _sheets(path).items() if any(map(any, rows))}
    if len(sheets) != 1:
        found = f"the sheets {list(sheets)}" if sheets else "no row"
        valid = "one sheet with rows: save the one with the judgements as a file of its own"
        raise InvalidData([Fault(str(path), 0, "file", "sheets", found, valid)])
    header, *rows = next(iter(sheets.values()))
    names = ["" if cell is None else str(cell).strip() for cell in header]
    tables = [dict(zip(names, row, strict=False)) for row in rows]
    layout = layout_of([name for name in names if name], tables, options, path)
    for number, cells in enumerate(tables, 2):
        if cells.pop("", None) is not None:
            wrong = ("row", "cells", "a cell in a column without a name", "a name for each column")
            yield SourceRow(number, problem=wrong)
        elif any(cell is not None for cell in cells.values()):
            yield row_from(number, cells, layout, options)


def _sheets(path: Path) -> dict[str, Sheet]:
    from openpyxl import load_workbook  # noqa: PLC0415 - importing data stays light
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    except (OSError, KeyError, ValueError, BadZipFile, InvalidFileException) as error:
        found = str(error) or type(error).__name__
        fault = Fault(str(path), 0, "file", "unreadable", found, "an .xlsx workbook")
        raise InvalidData([fault]) from error
