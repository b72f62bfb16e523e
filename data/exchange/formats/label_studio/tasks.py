"""Label Studio's JSON: tasks, each with the annotations of several people.

A cancelled annotation is a skip, one marked as ground truth an adjudication, an empty result the
answer "none", and a task without annotations unanswered. One that a reviewer rejected does not
count. Predictions and drafts are not read. `completions` of before 1.0 are annotations.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.annotation.row_checks import Problem
from data.exchange.formats.fields.answers import Answer
from data.exchange.formats.fields.content import read_values
from data.exchange.formats.fields.options import ReadOptions
from data.exchange.formats.fields.round_trip import (
    Returned,
    carried_rows,
    mark_of,
    owners,
    unmarked,
)
from data.exchange.formats.fields.rows import (
    OURS,
    Row,
    given,
    person_of,
    place_of,
    row_of,
    text_of,
    without,
)
from data.exchange.formats.label_studio.regions import Controls, controls_of, result_answer
from data.judgements.rows_to_events import SourceRow

_REJECTED = "annotations that a reviewer rejected"


def read(path: Path, options: ReadOptions) -> Iterator[SourceRow]:
    """Yield every annotation of every task.

    Raises:
        InvalidData: it cannot be read, or several controls could hold the answer.
    """
    tasks = [
        (number, _task_of(value), problem) for number, value, problem in read_values(path, options)
    ]
    annotations = [each for _, task, _ in tasks if isinstance(task, dict) for each in _all(task)]
    people = _emails(annotations)
    controls = controls_of([each.get("result") for each in annotations], options, path)
    for number, task, problem in tasks:
        problem = problem or _form_problem(task)
        if problem or not isinstance(task, dict):
            yield SourceRow(number, problem=problem)
        else:
            yield from _task_rows(task, number, people, controls)


def _task_of(value: object) -> object:
    """A task, whether it stands alone or around it is one annotation of a storage or a webhook."""
    if not isinstance(value, dict) or not isinstance(value.get("task"), dict):
        return value
    annotation = value.get("annotation", value if "result" in value else None)
    if isinstance(annotation, dict) and value.get("action", "") != "ANNOTATION_DELETED":
        return {**value["task"], "annotations": [without(annotation, "task")]}
    return value


def _all(task: Row) -> list[Mapping[str, Any]]:
    listed = task.get("annotations") or task.get("completions") or []
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _form_problem(task: object) -> Problem | None:
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        return ("row", "type", task, "a task with data and annotations")
    for name in ("annotations", "completions"):
        listed = task.get(name, [])
        listed = [] if listed is None else listed
        if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
            return (name, "type", listed, "a list of annotations")
    counted = task.get("total_annotations") or task.get("cancelled_annotations")
    if counted and not task.get("annotations"):
        return ("annotations", "missing", f"{counted} counted", "an export with the annotations")
    if task.get("annotations") and task.get("completions"):
        return ("completions", "unexpected", "annotations and completions", "one of them")
    return None


def _task_rows(task: Row, number: int, people: Row, controls: Controls) -> Iterator[SourceRow]:
    data, annotations, options = task["data"], _all(task), controls.options
    text = text_of(data, options)
    if isinstance(text, tuple):
        yield SourceRow(number, problem=text)
        return
    context = {**place_of(data, options, taken=("text", options.text or "text")), **text}
    if unkept := tuple(f"{name} of tasks" for name in ("predictions", "drafts") if task.get(name)):
        yield SourceRow(number, answered=False, unkept=unkept)
    if not annotations:
        yield SourceRow(number, answered=False)
    judged = [_returned(each, controls, people) for each in annotations]
    rows = carried_rows(data.get(OURS))
    was = owners([each for each, _ in judged], rows)
    for annotation, (each, notes), row in zip(annotations, judged, was, strict=True):
        beside = {"result": notes} if notes else {}
        # an answer of ours that was changed there is of whoever changed it
        ours = any(each.key == mark_of(carried, "key") for carried in rows)
        changed = _person(annotation.get("updated_by"), people) if ours and not each.added else None
        each = replace(each, person=changed or each.person)
        yield _row(annotation, each, number, {**context, **beside}, row)


def _row(
    annotation: Row, judged: Returned, number: int, context: Row, carried: Row | None
) -> SourceRow:
    if _is_rejected(annotation):
        return SourceRow(number, answered=False, unkept=(_REJECTED,))
    if carried is not None:
        return SourceRow(number, {**context, **unmarked(carried, "key")})
    said = {} if judged.act != "adjudicate" else {"act": "adjudicate"}
    at = annotation.get("updated_at") or annotation.get("created_at")
    fields = {**context, **given(annotator=judged.person, at=_time(at)), **said}
    return row_of(number, fields, judged.answer)


def _returned(annotation: Row, controls: Controls, emails: Row) -> tuple[Returned, Row]:
    answer, notes = result_answer(annotation.get("result"), controls)
    cancelled = annotation.get("was_cancelled") or annotation.get("skipped")
    if cancelled:
        answer = Answer(skipped=True)
    act = "adjudicate" if annotation.get("ground_truth") else "label"
    return Returned(
        answer,
        "skip" if answer.skipped else act,
        _person(annotation.get("completed_by"), emails),
        annotation.get("import_id", annotation.get("id")),
        added="import_id" in annotation and annotation["import_id"] is None,
    ), notes


def _is_rejected(annotation: Row) -> bool:
    reviews = annotation.get("reviews")
    if isinstance(reviews, list) and reviews:
        dated = [each for each in reviews if isinstance(each, dict)]
        last = max(dated, key=lambda each: str(each.get("created_at", "")), default={})
        return last.get("accepted") is False
    return annotation.get("last_action") == "rejected"


def _person(completed_by: object, emails: Row) -> str | None:
    if isinstance(completed_by, dict):
        return person_of(completed_by.get("email") or completed_by.get("id"))
    name = person_of(completed_by)
    known: str | None = emails.get(str(name), name)
    return known


def _emails(annotations: Iterable[Row]) -> dict[str, str]:
    """The e-mail of each user whose number and e-mail the file gives together."""
    people = (each.get("completed_by") for each in annotations)
    full = [each for each in people if isinstance(each, dict) and each.get("email")]
    return {str(each["id"]): str(each["email"]) for each in full if each.get("id") is not None}


def _time(at: object) -> object:
    """A time as text; versions before 1.0 counted seconds."""
    if isinstance(at, (int, float)) and not isinstance(at, bool):
        try:
            return datetime.fromtimestamp(at, UTC).isoformat()
        except (OverflowError, ValueError, OSError):
            return repr(at)
    return at
