"""Write rows as JSON Lines, CSV or Parquet. The same rows give the same bytes."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from serve.archive.outputs.table import Column, values_of
from serve.archive.rows import encoded

ENDINGS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}
_ROWS = 32_768  # of a row group: some 10 MB

Sections = Iterable[bytes]  # each is whole lines of JSON


def write_rows(form: str, sections: Sections, columns: Sequence[Column], file: BinaryIO) -> None:
    """Write all rows in their order."""
    _WRITERS[form](sections, columns, file)


def _write_json_lines(sections: Sections, _: Sequence[Column], file: BinaryIO) -> None:
    file.writelines(sections)


def _write_csv(sections: Sections, columns: Sequence[Column], file: BinaryIO) -> None:
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    for line in _lines(sections):
        values = values_of(line, columns)
        writer.writerow([_cell(v, column) for v, column in zip(values, columns, strict=True)])
    text.flush()
    text.detach()


def _cell(value: Any, column: Column) -> object:  # noqa: ANN401 - whatever a record holds
    """Labels as `make import` reads them; lists of numbers as JSON."""
    if value is None:
        return None
    if column.type == "texts":
        return "|".join(value) or ("none" if column.name == "labels" else "")
    if column.type in ("span", "spans"):
        return encoded(value)
    return str(value).lower() if column.type == "bool" else value


def _write_parquet(sections: Sections, columns: Sequence[Column], file: BinaryIO) -> None:
    import pyarrow as pa  # noqa: PLC0415 - of the optional group, and slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415

    types = {
        "text": pa.string(),
        "json": pa.string(),
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "texts": pa.list_(pa.string()),
        "span": pa.list_(pa.int64()),
        "spans": pa.list_(pa.list_(pa.int64())),
    }
    schema = pa.schema([(column.name, types[column.type]) for column in columns])
    lines = _lines(sections)
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        while rows := [values_of(line, columns) for line in islice(lines, _ROWS)]:
            arrays = [
                pa.array(list(values), field.type)
                for values, field in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _lines(sections: Sections) -> Iterator[bytes]:
    for section in sections:
        yield from section.splitlines()


def format_of(output: Path) -> str | None:
    """The format of an output by its ending; None for an ending that is not known."""
    return ENDINGS.get(output.suffix.lower())


_WRITERS: dict[str, Callable[[Sections, Sequence[Column], BinaryIO], None]] = {
    "jsonl": _write_json_lines,
    "csv": _write_csv,
    "parquet": _write_parquet,
}
