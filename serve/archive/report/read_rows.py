"""The rows of an output of sentences, whichever format it has."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from model.text.units import CLAIMS
from serve.archive.outputs.writers import format_of

_NEEDED = ("id", "file", "index", "text", "kind", "labels", "uncertain", "language")

Key = tuple[str, str]  # file and id of a document


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence of an output that can have a stance, with the fields that are wanted."""

    key: Key
    index: int
    text: str
    labels: tuple[str, ...]
    uncertain: bool
    foreign: bool
    fields: Mapping[str, Any]


def read_statements(output: Path, wanted: tuple[str, ...]) -> Iterator[tuple[Key, list[Row]]]:
    """Yield the sentences of each document, in order; those without any are left out."""
    rows = _READERS[format_of(output) or ""](output, [*_NEEDED, *wanted])
    claims = (_row(each, wanted) for each in rows if each["kind"] in CLAIMS)
    for key, group in groupby(claims, key=lambda row: row.key):
        yield key, list(group)


def has_columns(output: Path, wanted: tuple[str, ...]) -> list[str]:
    """The names among those wanted that no row has."""
    missing = set(wanted)
    for row in _READERS[format_of(output) or ""](output, list(wanted)):
        missing -= {name for name in missing if row.get(name) not in (None, "")}
        if not missing:
            break
    return sorted(missing)


def _row(fields: Mapping[str, Any], wanted: tuple[str, ...]) -> Row:
    return Row(
        (str(fields.get("file") or ""), str(fields["id"])),
        int(fields["index"]),
        str(fields["text"]),
        tuple(_listed(fields["labels"])),
        bool(_listed(fields["uncertain"])),
        bool(fields.get("language")),
        {name: fields.get(name) for name in wanted},
    )


def _listed(value: object) -> list[str]:
    """Labels from a list, or from a cell of a table."""
    if isinstance(value, str):
        return [each for each in value.split("|") if each and each != "none"]
    return list(value) if isinstance(value, list) else []


def _json_lines(output: Path, _: list[str]) -> Iterator[Mapping[str, Any]]:
    with output.open("rb") as file:
        yield from map(json.loads, file)


def _csv(output: Path, _: list[str]) -> Iterator[Mapping[str, Any]]:
    with output.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _parquet(output: Path, names: list[str]) -> Iterator[Mapping[str, Any]]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - of the optional group

    file = pq.ParquetFile(output, pre_buffer=False)
    columns = [name for name in names if name in file.schema_arrow.names]
    for batch in file.iter_batches(1024, columns=columns, use_threads=False):
        yield from batch.to_pylist()


_READERS: dict[str, Callable[[Path, list[str]], Iterator[Mapping[str, Any]]]] = {
    "jsonl": _json_lines,
    "csv": _csv,
    "parquet": _parquet,
}
