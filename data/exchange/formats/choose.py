"""From a format's name, or a file's looks, to what reads and writes it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.annotation.json_lines import unreadable
from data.exchange.formats import (
    argilla,
    data_set,
    jsonl,
    label_studio,
    label_studio_min,
    prodigy,
    separated,
    statements,
)
from data.exchange.formats.answers import Row
from data.judgements.rows_to_events import SourceRow
from model.errors import FormatUnknown


@dataclass(frozen=True)
class Format:
    """What reads a format, and what writes it: a file, or a folder if `is_folder`."""

    read: Callable[[Path], Iterator[SourceRow]]
    write: Callable[[Iterable[Row], Path], None] | None
    is_folder: bool = False


FORMATS: Mapping[str, Format] = {
    "jsonl": Format(jsonl.read, jsonl.write),
    "csv": Format(separated.read_csv, separated.write_csv),
    "tsv": Format(separated.read_tsv, separated.write_tsv),
    "label-studio": Format(label_studio.read, label_studio.write),
    "label-studio-min": Format(label_studio_min.read, label_studio_min.write),
    "argilla": Format(argilla.read, argilla.write),
    "prodigy": Format(prodigy.read, prodigy.write),
    "data-set": Format(data_set.read, data_set.write, is_folder=True),
    "statements": Format(statements.read, None),
}
_BY_ENDING = {".csv": "csv", ".tsv": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
_HEAD = 1 << 20  # bytes of a file that are looked at


def format_named(name: str) -> Format:
    """The format of that name.

    Raises:
        FormatUnknown: there is none.
    """
    if name not in FORMATS:
        raise FormatUnknown(f"format {name!r} is unknown; known: {', '.join(FORMATS)}")
    return FORMATS[name]


def format_to_write(path: Path) -> str:
    """The format that a path to write asks for by its ending: a folder if it has none.

    Raises:
        FormatUnknown: the ending does not say.
    """
    if not path.suffix:
        return "data-set"
    if path.suffix not in _BY_ENDING:
        raise FormatUnknown(f"{path.name} may be several formats: give one of {', '.join(FORMATS)}")
    return _BY_ENDING[path.suffix]


def format_of(path: Path) -> str:
    """The format that a file or folder is in, by its ending and its first row.

    Raises:
        InvalidData: it cannot be read.
        FormatUnknown: it looks like none.
    """
    if path.is_dir():
        return "data-set"
    ending = path.suffix.lower()
    if ending in (".csv", ".tsv"):
        return _BY_ENDING[ending]
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise unreadable(path, error) from error
    if ending in _BY_ENDING:
        return _of_line(_first_value(head.splitlines()[0] if head else b""))
    if head.lstrip().startswith(b"["):
        return _of_element(_first_value(head.lstrip()[1:]))
    raise FormatUnknown(f"{path.name} looks like no format known: {', '.join(FORMATS)}")


def _first_value(text: bytes) -> Mapping[str, Any]:
    try:
        value, _ = json.JSONDecoder().raw_decode(text.decode(errors="replace").lstrip())
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _of_line(row: Mapping[str, Any]) -> str:
    if "sentences" in row:
        return "statements"
    return "prodigy" if {"answer", "_task_hash", "_input_hash"} & set(row) else "jsonl"


def _of_element(element: Mapping[str, Any]) -> str:
    if "data" in element:
        return "label-studio"
    return "argilla" if "fields" in element else "label-studio-min"
