"""Tasks that Label Studio imports, of judgements."""

from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from data.exchange.formats.fields.round_trip import mark_of, marked
from data.exchange.formats.fields.rows import OURS, Row, given, grouped, without, write_array


def write(rows: Iterable[Row], path: Path) -> None:
    """Write tasks with a text `text` and annotations of a control `labels`.

    Annotations name nobody, as Label Studio refuses names that are none of its members; who
    answered stands in the task's data.
    """
    write_array(_tasks(rows), path)


def _tasks(rows: Iterable[Row]) -> Iterator[Row]:
    key = count(1)
    for number, group in enumerate(grouped(rows), 1):
        first = group[0]
        keyed = [marked(row, key=next(key)) for row in group]
        data = given(text=first["text"], doc=first.get("doc"), n=first.get("n"))
        carried = [without(row, "text", "doc", "n") for row in keyed]
        yield {
            "id": number,
            "data": {**data, OURS: carried},
            "annotations": [_annotation(row) for row in keyed],
        }


def _annotation(row: Row) -> Row:
    act, labels = row.get("act", "label"), row.get("labels", [])
    choices = {"from_name": "labels", "to_name": "text", "type": "choices"}
    return {
        "id": mark_of(row, "key"),
        "created_at": row["at"],
        "updated_at": row["at"],
        "was_cancelled": act == "skip",
        "ground_truth": act == "adjudicate",  # Label Studio takes a missing one for true
        "result": [{**choices, "value": {"choices": labels}}] if labels else [],
    }
