"""Parquet, a row group at a time; cells as JSON could hold them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serve.archive.inputs.byte_stream import StreamEnds
from serve.archive.inputs.record import Found, Position, Problem, ReadOptions

if TYPE_CHECKING:
    import pyarrow.parquet as pq

_ROWS = 512
_PLAIN = (str, int, bool, type(None))
NEEDED = "Parquet needs pyarrow: pip install --group archive -c constraints.txt"


def read_parquet(path: Path, start: Position, options: ReadOptions) -> Iterator[Found]:
    """Yield every row after `start`."""
    import pyarrow as pa  # noqa: PLC0415 - of the optional group, and slow to import

    try:
        file = _open(path)
        if problem := _column_problem(file.schema_arrow.names, options):
            yield Found(0, start, problem, ends=True)
            return
        for number, row in _rows(file, start.offset):
            yield Found(0, Position(number, 0, number), row)
    except (pa.ArrowException, OSError) as error:
        raise StreamEnds("damaged", str(error).splitlines()[0][:200]) from error


def _open(path: Path) -> "pq.ParquetFile":
    import pyarrow.parquet as pq  # noqa: PLC0415

    # without a pre-buffer: 100 MB for a file of 202 MB, where the usual reader took 324
    return pq.ParquetFile(path, pre_buffer=False)


def _rows(file: "pq.ParquetFile", start: int) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
    """Number and fields of every row after the first `start`."""
    number = 0
    for group in range(file.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        if number + rows <= start:
            number += rows
            continue
        for batch in file.iter_batches(_ROWS, row_groups=[group], use_threads=False):
            for row in batch.to_pylist():
                number += 1
                if number > start:
                    yield number, _plain(row)


def _plain(row: Mapping[str, Any]) -> dict[str, Any] | Problem:
    if all(type(value) in _PLAIN for value in row.values()):
        return dict(row)
    try:
        plain: dict[str, Any] = json.loads(json.dumps(row, default=_as_json, allow_nan=False))
    except ValueError as error:
        return Problem("row", "value", str(error), "values that JSON can hold")
    return plain


def _as_json(value: object) -> object:
    """Dates and times as ISO 8601, whatever else as its words."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _column_problem(names: list[str], options: ReadOptions) -> Problem | None:
    wanted = [name for name in (options.text, options.id) if name]
    if missing := next((n for n in wanted if not {n, n.partition(".")[0]} & set(names)), None):
        found = ", ".join(names)[:200]
        return Problem("file", "column", f"columns {found}", f"a column {missing!r}, or TEXT=, ID=")
    return None


def rows_of(path: Path) -> int:
    """The number of rows of a file, for progress; 1 where it cannot be read."""
    import pyarrow as pa  # noqa: PLC0415

    try:
        return max(1, int(_open(path).metadata.num_rows))
    except (pa.ArrowException, OSError):
        return 1
