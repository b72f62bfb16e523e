"""What formats share: where a sentence is from, what rides along, and what is written."""

import json
import math
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from data.annotation.row_checks import FIELDS, Problem
from data.exchange.formats.answers import Answer, is_empty, yes_or_no
from data.exchange.formats.options import ReadOptions
from data.judgements.event_checks import EVENT_FIELDS
from data.judgements.rows_to_events import SourceRow
from model.durable import whole_file

OURS = "demarche"  # under this key other tools' files carry what they have no field for
RIDING = "data"  # under this key ride fields whose names mean something else here
Row = Mapping[str, Any]
_NAMES, _NUMBERS, _FLAGS = ("doc", "id", "register"), ("n", "year"), ("hard", "fictional")


def row_of(line: int, fields: Row, answer: Answer, *, unkept: tuple[str, ...] = ()) -> SourceRow:
    """A row with its answer: labels, a skip, none yet, or what is wrong."""
    said: dict[str, Any] = {"act": "skip"} if answer.skipped else {}
    if answer.labels is not None:
        said["labels"] = answer.labels
    return SourceRow(
        line, {**fields, **said}, answer.problem, answered=answer.answered, unkept=unkept
    )


def text_of(data: Row, options: ReadOptions, *, names: Iterable[str] = ("text",)) -> Row | Problem:
    """The sentence as {"text": ...}, or what to say where no field holds it."""
    for name in [options.text] if options.text else names:
        if name in data:
            return {"text": data[name]}
    wanted = options.text or "text"
    valid = "the sentence in a field `text`, or say which field it is: TEXT=name"
    return (
        "text",
        "missing",
        f"the fields {sorted(map(str, data))}",
        f"{valid} ({wanted!r} is not)",
    )


def place_of(
    data: Row, options: ReadOptions, *, taken: Iterable[str] = (), strict: bool = False
) -> dict[str, Any]:
    """Where a sentence is from, and all fields beside it that are not in `taken`.

    Fields of the place get their types; what cannot have them, or has a name that means something
    else here, rides along under "data"; `strict` leaves both as they are, for the row's checks.
    """
    read: dict[str, Any] = {}
    riding: dict[str, Any] = {}
    skipped = {*taken, options.doc, OURS}
    for name, value in data.items():
        if name in skipped or value is None or (isinstance(value, float) and math.isnan(value)):
            continue
        if name in (*_NAMES, *_NUMBERS, *_FLAGS):
            typed = _typed(name, value)
            kept = typed is not None or strict
            (read if kept else riding)[name] = value if typed is None else typed
        else:
            kept = strict or not _means_something(str(name))
            (read if kept else riding)[str(name)] = value
    if options.doc and not is_empty(data.get(options.doc)):
        read["doc"] = str(data[options.doc])
    return {**read, **({RIDING: riding} if riding else {})}


def person_of(value: object) -> str | None:
    """An annotator's name as tools write it: a string or a number."""
    number = isinstance(value, float) and value.is_integer()
    return None if is_empty(value) else str(int(value) if number else value)  # type: ignore[call-overload]


def without(row: Row, *names: str) -> dict[str, Any]:
    """The fields of a row that a format has no place of its own for."""
    return {name: value for name, value in row.items() if name not in names}


def given(**fields: object) -> dict[str, Any]:
    """The fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def grouped(rows: Iterable[Row]) -> list[list[Row]]:
    """Rows of one text and place together: what tools with tasks call a task."""
    tasks: dict[str, list[Row]] = {}
    for row in rows:
        key = json.dumps([row["text"], row.get("doc"), row.get("n")])
        tasks.setdefault(key, []).append(row)
    return list(tasks.values())


def write_array(tasks: Iterable[Row], path: Path) -> None:
    """Write tasks as one JSON array."""
    with whole_file(path) as file:
        file.write("[")
        for number, task in enumerate(tasks):
            file.write(("," if number else "") + "\n" + json.dumps(task, ensure_ascii=False))
        file.write("\n]\n")


def write_lines(rows: Iterable[Row], path: Path) -> None:
    """Write rows as JSON, one a line."""
    with whole_file(path) as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _typed(name: str, value: object) -> object:
    """The value as the field's type, or None if it cannot be."""
    if name in _FLAGS:
        return yes_or_no(value)
    if isinstance(value, bool):
        return None
    if name in _NAMES:
        return None if is_empty(value) else person_of(value) if _is_plain(value) else None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    return value if isinstance(value, int) else None


def _is_plain(value: object) -> bool:
    return isinstance(value, (str, int, float))


@lru_cache(maxsize=4096)
def _means_something(name: str) -> bool:
    """Whether a name is one of a judgement's own fields, or would be taken for its misspelling."""
    fields, acts = list(FIELDS), list(EVENT_FIELDS)
    close = get_close_matches(name, fields, n=1, cutoff=0.75)
    return bool(close or get_close_matches(name, acts, n=1, cutoff=0.8))
