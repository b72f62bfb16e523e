"""Prodigy's JSONL, of its choice interface: `accept` holds the options, `answer` what was done.

"accept" answers with the options chosen, none of them included. "reject" and "ignore" are skips: to
reject a task is not to say that the sentence has no stance. A task without `answer` is unanswered.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.annotation.json_lines import read_json_lines
from data.annotation.row_checks import Problem
from data.exchange.formats.answers import (
    OURS,
    Row,
    given,
    named_stances,
    place_of,
    without,
    write_lines,
)
from data.judgements.rows_to_events import SourceRow
from model.stance import STANCES

_ANSWERS = ("accept", "reject", "ignore")
_OPTIONS = [{"id": str(stance), "text": str(stance)} for stance in STANCES]


def read(path: Path) -> Iterator[SourceRow]:
    """Yield every answered task."""
    for number, task, problem in read_json_lines(path):
        if problem or not isinstance(task, dict):
            yield SourceRow(number, task, problem)
        elif task.get("answer") is None:
            yield SourceRow(number, answered=False)
        elif task["answer"] not in _ANSWERS:
            got = task["answer"]
            yield SourceRow(number, problem=("answer", "value", got, f"one of {list(_ANSWERS)}"))
        else:
            yield SourceRow(number, *_judgement(task))


def write(rows: Iterable[Row], path: Path) -> None:
    """Write answered tasks of the choice interface."""
    write_lines((_task(row) for row in rows), path)


def _judgement(task: Mapping[str, Any]) -> tuple[dict[str, Any], Problem | None]:
    meta = task["meta"] if isinstance(task.get("meta"), dict) else {}
    own = meta.get(OURS)
    fields = {"text": task.get("text"), **place_of(task), **place_of(meta)}
    person = task.get("_annotator_id") or task.get("_session_id")
    fields |= given(annotator=None if person is None else str(person), at=_time(task))
    if isinstance(own, dict):
        # Prodigy counts seconds; a time of ours in another second is of an answer since changed
        fields |= own if _seconds(own.get("at")) == task.get("_timestamp") else without(own, "at")
    if task["answer"] != "accept":
        return {**fields, "act": "skip"}, None
    if "accept" not in task:
        valid = "a choice task with accept; a yes or no to one label leaves the others open"
        return fields, ("accept", "missing", task.get("label"), valid)
    return {**fields, "labels": named_stances(task["accept"])}, None


def _time(task: Mapping[str, Any]) -> object:
    seconds = task.get("_timestamp")
    if not isinstance(seconds, (int, float)):
        return seconds
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (OverflowError, ValueError, OSError):
        return repr(seconds)


def _seconds(time: object) -> int | None:
    try:
        return int(datetime.fromisoformat(str(time)).timestamp())
    except (OverflowError, ValueError):
        return None


def _task(row: Row) -> Row:
    skipped = row.get("act") == "skip"
    return {
        "text": row["text"],
        "options": _OPTIONS,
        "accept": row.get("labels", []),
        "answer": "ignore" if skipped else "accept",
        "_view_id": "choice",
        "_annotator_id": row["annotator"],
        "_timestamp": _seconds(row["at"]),
        "meta": {
            **given(doc=row.get("doc"), n=row.get("n")),
            OURS: without(row, "text", "labels", "doc", "n", "annotator", *["act"] * skipped),
        },
    }
