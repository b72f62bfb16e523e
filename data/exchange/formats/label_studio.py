"""Label Studio's JSON: tasks, each with the annotations of several people.

A cancelled annotation is a skip, one marked as ground truth an adjudication, an empty result the
answer "none", and a task without annotations unanswered. Predictions are not read.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from data.annotation.row_checks import Problem
from data.exchange.formats.answers import (
    OURS,
    Row,
    given,
    grouped,
    named_stances,
    place_of,
    read_array,
    without,
    write_array,
)
from data.judgements.rows_to_events import SourceRow


def read(path: Path) -> Iterator[SourceRow]:
    """Yield every annotation of every task."""
    for number, task in enumerate(read_array(path), 1):
        yield from _task_rows(task, number)


def write(rows: Iterable[Row], path: Path) -> None:
    """Write tasks that Label Studio imports."""
    write_array((_task(number, group) for number, group in enumerate(grouped(rows), 1)), path)


def _task_rows(task: object, number: int) -> Iterator[SourceRow]:
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        yield SourceRow(number, problem=("row", "type", task, "a task with data and annotations"))
        return
    data, annotations = task["data"], task.get("annotations", [])
    if not isinstance(annotations, list) or not all(isinstance(a, dict) for a in annotations):
        valid = "a list of annotations"
        yield SourceRow(number, problem=("annotations", "type", annotations, valid))
        return
    if not annotations:
        yield SourceRow(number, answered=False)
    context = {"text": data.get("text"), **place_of(data)}
    for annotation in annotations:
        fields, problem = _judgement(annotation)
        yield SourceRow(number, {**context, **fields}, problem)


def _judgement(annotation: Mapping[str, Any]) -> tuple[dict[str, Any], Problem | None]:
    own = annotation.get(OURS, {})
    fields = given(
        annotator=_person(annotation.get("completed_by")),
        at=annotation.get("updated_at") or annotation.get("created_at"),
    )
    fields |= own if isinstance(own, dict) else {}
    if annotation.get("was_cancelled"):
        return {**fields, "act": "skip"}, None
    if annotation.get("ground_truth"):
        fields["act"] = "adjudicate"
    labels, problem = _choices(annotation.get("result"))
    return {**fields, "labels": labels}, problem


def _choices(result: object) -> tuple[object, Problem | None]:
    valid = 'regions of type "choices", or [] for none'
    if not isinstance(result, list) or not all(isinstance(each, dict) for each in result):
        return None, ("annotations.result", "type", result, valid)
    chosen = [each.get("value") for each in result if each.get("type") == "choices"]
    lists = [each.get("choices") if isinstance(each, dict) else None for each in chosen]
    if (result and not chosen) or not all(isinstance(each, list) for each in lists):
        return None, ("annotations.result", "value", result, valid)
    return named_stances([name for each in lists for name in each]), None  # type: ignore[union-attr]


def _person(completed_by: object) -> str | None:
    if isinstance(completed_by, dict):
        completed_by = completed_by.get("email") or completed_by.get("id")
    return None if completed_by is None else str(completed_by)


def _task(number: int, rows: list[Row]) -> Row:
    first = rows[0]
    data = given(text=first["text"], doc=first.get("doc"), n=first.get("n"))
    return {"id": number, "data": data, "annotations": [_annotation(row) for row in rows]}


def _annotation(row: Row) -> Row:
    act, labels = row.get("act", "label"), row.get("labels", [])
    choices = {"from_name": "labels", "to_name": "text", "type": "choices"}
    return {
        "completed_by": {"email": row["annotator"]},
        "created_at": row["at"],
        "updated_at": row["at"],
        "was_cancelled": act == "skip",
        "ground_truth": act == "adjudicate",
        "result": [{**choices, "value": {"choices": labels}}] if labels else [],
        OURS: without(row, "text", "doc", "n", "labels", "act", "annotator", "at"),
    }
