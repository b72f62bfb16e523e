"""A Hugging Face data set folder, as `datasets.load_from_disk` reads it.

Read are also dictionaries of splits and folders of Parquet files. What is written needs pyarrow,
which comes with `datasets`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.exchange.formats.answers import Row
from data.exchange.formats.table import (
    COLUMNS,
    LABEL_COLUMNS,
    REST,
    cells_of,
    check_columns,
    row_from,
)
from data.judgements.rows_to_events import SourceRow
from model.errors import Fault, InvalidData

if TYPE_CHECKING:
    import pyarrow as pa

_DATA, _STATE, _INFO = "data-00000-of-00001.arrow", "state.json", "dataset_info.json"


def read(path: Path) -> Iterator[SourceRow]:
    """Yield every row of every file, in the order of their names; rows count through."""
    found = [p for p in path.rglob("*") if p.suffix in (".arrow", ".parquet")]
    files = sorted(p for p in found if not p.name.startswith("cache-"))  # `datasets` keeps copies
    if not files:
        fault = Fault(str(path), 0, "file", "empty", "no .arrow or .parquet file", "a data set")
        raise InvalidData([fault])
    number = 0
    for file in files:
        table = _open(file)
        check_columns(table.column_names, file)
        names = _class_names(table.schema.metadata or {})
        for cells in table.to_pylist():
            number += 1
            yield row_from(number, _decoded(cells, names))


def write(rows: Iterable[Row], path: Path) -> None:
    """Write the folder; it must not exist."""
    import pyarrow as pa  # noqa: PLC0415 - importing data stays light

    text, listed = pa.string(), pa.list_(pa.string())
    types = dict.fromkeys((*COLUMNS, REST), text) | {"labels": listed, "n": pa.int64()}
    table = pa.Table.from_pylist([cells_of(row) for row in rows], schema=pa.schema(types))
    path.mkdir()
    with pa.OSFile(str(path / _DATA), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as out:
        out.write_table(table)
    state: dict[str, object] = {
        "_data_files": [{"filename": _DATA}],
        "_fingerprint": "demarche",
        "_format_columns": None,
        "_format_kwargs": {},
        "_format_type": None,
        "_output_all_columns": False,
        "_split": None,
    }
    (path / _STATE).write_text(json.dumps(state, indent=2), encoding="utf-8")
    (path / _INFO).write_text("{}", encoding="utf-8")


def _open(file: Path) -> "pa.Table":
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        if file.suffix == ".parquet":
            return pq.read_table(file)
        with pa.OSFile(str(file), "rb") as source:
            return pa.ipc.open_stream(source).read_all()
    except (OSError, pa.ArrowException) as error:
        fault = Fault(str(file), 0, "file", "unreadable", str(error), "Arrow or Parquet")
        raise InvalidData([fault]) from error


def _class_names(metadata: Mapping[bytes, bytes]) -> Mapping[str, list[str]]:
    """The names behind the numbers of `ClassLabel` columns, which `datasets` keeps beside them."""
    features = json.loads(metadata.get(b"huggingface", b"{}")).get("info", {}).get("features", {})
    names = {}
    for column, feature in features.items():
        inner = feature.get("feature", feature) if isinstance(feature, dict) else {}
        if isinstance(inner, dict) and isinstance(inner.get("names"), list):
            names[column] = inner["names"]
    return names


def _decoded(cells: Mapping[str, Any], names: Mapping[str, list[str]]) -> dict[str, Any]:
    decoded = dict(cells)
    for column, known in names.items():
        value = cells.get(column)
        numbers = value if isinstance(value, list) else [value]
        if column in LABEL_COLUMNS and value is not None:
            decoded[column] = [_name(known, each) for each in numbers]
    for name in ("annotator", "doc", "id"):
        decoded |= {name: str(cells[name])} if isinstance(cells.get(name), int) else {}
    return decoded


def _name(known: list[str], value: object) -> object:
    return known[value] if isinstance(value, int) and 0 <= value < len(known) else value
