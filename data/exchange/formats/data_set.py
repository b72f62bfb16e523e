"""A Hugging Face data set folder, as `datasets.load_from_disk` reads it.

Read are also dictionaries of splits, folders of Parquet files and single files. What is written
needs pyarrow, which comes with `datasets`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from data.exchange.formats.options import ReadOptions
from data.exchange.formats.rows import Row
from data.exchange.formats.table import COLUMNS, REST, cells_of, row_from
from data.exchange.formats.table_layout import layout_of
from data.judgements.rows_to_events import SourceRow
from model.errors import Fault, InvalidData

if TYPE_CHECKING:
    import pyarrow as pa

_DATA, _STATE, _INFO = "data-00000-of-00001.arrow", "state.json", "dataset_info.json"


def read(path: Path, options: ReadOptions) -> Iterator[SourceRow]:
    """Yield every row of a file, or of every file in the order of their names; rows count through.

    Raises:
        InvalidData: there is no such file, or its columns do not do.
    """
    found = [p for p in path.rglob("*") if p.suffix in (".arrow", ".parquet")]
    files = sorted(p for p in found if not p.name.startswith("cache-"))  # `datasets` keeps copies
    if path.is_file():
        files = [path]
    if not files:
        here = sorted({p.suffix or p.name for p in path.rglob("*") if p.is_file()})[:5]
        seen = f"no .arrow or .parquet file, but {here}" if here else "no file"
        raise InvalidData([Fault(str(path), 0, "file", "empty", seen, "a data set, or one file")])
    number = 0
    for file in files:
        table = _open(file)
        rows = table.to_pylist()
        classes = _class_names(table.schema.metadata or {})
        layout = layout_of(table.column_names, rows, options, file, classes)
        for cells in rows:
            number += 1
            yield row_from(number, cells, layout, options)


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
        with pa.OSFile(str(file), "rb") as source:
            start = source.read(6)
            source.seek(0)
            if start.startswith(b"PAR1"):
                return pq.read_table(source)
            whole = start == b"ARROW1"
            opened = pa.ipc.open_file(source) if whole else pa.ipc.open_stream(source)
            return opened.read_all()
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
