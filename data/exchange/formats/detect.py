"""Which format a file is in, by how it begins and what its first rows hold."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from data.annotation.json_lines import unreadable
from data.exchange.formats.choose import FORMATS
from data.exchange.formats.fields.content import text_start
from data.exchange.formats.fields.options import ReadOptions
from data.exchange.formats.spacy_cats import as_row
from model.errors import FormatUnknown

_HEAD = 1 << 20  # bytes of a file that are looked at
_ROWS = 50  # rows of it
_TABLES = {".csv": "csv", ".tsv": "tsv"}
_BINARY = {b"PAR1": "data-set", b"ARROW1": "data-set", b"\xff\xff\xff\xff": "data-set"}
# what keys of a row say, the first that fits; "label" alone is doccano's
_KEYS: Sequence[tuple[frozenset[str], str]] = (
    (frozenset({"sentences"}), "statements"),
    (frozenset({"answer", "_task_hash", "_input_hash", "_view_id", "_annotator_id"}), "prodigy"),
    (frozenset({"cats"}), "cats"),
    (frozenset({"annotation_agent", "prediction_agent"}), "argilla-1"),
    (frozenset({"annotation_id", "lead_time"}), "label-studio-min"),
    (frozenset({"act", "at", "labels", "selected_by", "suggested_by"}), "jsonl"),
    (frozenset({"label"}), "doccano"),
)


def format_of(path: Path, options: ReadOptions | None = None) -> str:
    """The format that a file or folder is in.

    Raises:
        InvalidData: it cannot be read.
        FormatUnknown: it looks like none; says what was seen.
    """
    if path.is_dir():
        return "data-set"
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise unreadable(path, error) from error
    for mark, name in _BINARY.items():
        if head.startswith(mark):
            return name
    if head.startswith(b"PK\x03\x04") and path.suffix.lower() in (".xlsx", ".xlsm"):
        return "xlsx"
    return _of_text(path, text_start(head, options or ReadOptions()))


def _of_text(path: Path, text: str) -> str:
    ending = path.suffix.lower()
    rows = list(_first_values(text))
    if rows and not (ending in _TABLES and not isinstance(rows[0], dict)):
        is_array = text.lstrip().startswith("[")
        objects = [row for value in rows if (row := as_row(value))]
        if objects:
            return _of_rows(objects, is_array=is_array)
    if ending in _TABLES:
        return _TABLES[ending]
    if ending in (".jsonl", ".ndjson") or text.split() in (["[]"], ["[", "]"]):
        return "jsonl"
    first = text.strip().splitlines()[0][:60] if text.strip() else ""
    seen = f"begins with {first!r}" if first else "is empty"
    raise FormatUnknown(
        f"{path.name} {seen}, which looks like no format known; say which it is: FORMAT= one of "
        f"{', '.join(FORMATS)}"
    )


def _first_values(text: str) -> Iterator[object]:
    """The first values of a JSON array or of JSON lines, as far as they are whole."""
    text = text.lstrip()
    decoder, place = json.JSONDecoder(), int(text.startswith("["))
    for _ in range(_ROWS):
        while place < len(text) and text[place] in " \t\r\n,":
            place += 1
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            return
        yield value


def _of_rows(rows: Sequence[Mapping[str, Any]], *, is_array: bool) -> str:
    keys = {key for row in rows for key in row}
    if any(_is_task(row) for row in rows):
        return "label-studio"
    flat = any(key.endswith(".responses") for key in keys)
    if flat or any(isinstance(row.get("fields"), dict) for row in rows):
        return "argilla"
    if {"annotation", "status"} <= keys:
        return "argilla-1"
    for wanted, name in _KEYS:
        if wanted & keys:
            return name
    tool = {"annotator", "updated_at", "created_at"} & keys
    return "label-studio-min" if is_array and tool else "jsonl"


def _is_task(row: Mapping[str, Any]) -> bool:
    # a row of ours has its text beside what rides along under `data`
    whole = isinstance(row.get("data"), dict) and "text" not in row
    inner = row.get("task")
    return whole or (isinstance(inner, dict) and isinstance(inner.get("data"), dict))
