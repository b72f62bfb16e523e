"""Prodigy's JSONL, of its choice interface: `accept` holds the options, `answer` what was done.

"accept" answers with the options chosen, none of them included. "reject" and "ignore" are skips: to
reject a task is not to say that the sentence has no stance. A task without `answer` is unanswered.
What a reviewer accepted of several versions is an adjudication. `cats` with all labels is an
answer; a yes or no to one label is not, as it leaves the others open.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.exchange.formats.answers import Answer, answer_of
from data.exchange.formats.content import read_values
from data.exchange.formats.options import ReadOptions
from data.exchange.formats.prodigy_sessions import check_sessions, person_of_task
from data.exchange.formats.rows import (
    OURS,
    Row,
    given,
    place_of,
    row_of,
    text_of,
    without,
    write_lines,
)
from data.judgements.rows_to_events import SourceRow
from model.stance import STANCES

_ANSWERS = ("accept", "reject", "ignore")
_OPTIONS = [{"id": str(stance), "text": str(stance)} for stance in STANCES]
_TOOL = (
    "meta",
    "options",
    "accept",
    "answer",
    "config",
    "label",
    "cats",
    "html",
    "tokens",
    "score",
)
_REVIEW = ("versions", "sessions", "default", "view_id")
_ONE = "a choice task with accept, or cats with all labels; yes or no to one leaves the others open"


def read(path: Path, options: ReadOptions) -> Iterator[SourceRow]:
    """Yield every answered task.

    Raises:
        InvalidData: it cannot be read, or two names in it look like one person in two data sets.
    """
    people: set[str] = set()
    for number, task, problem in read_values(path, options):
        if problem or not isinstance(task, dict):
            yield SourceRow(number, task, problem)
        elif task.get("answer") is None:
            yield SourceRow(number, answered=False)
        elif task["answer"] not in _ANSWERS:
            got = task["answer"]
            yield SourceRow(number, problem=("answer", "value", got, f"one of {list(_ANSWERS)}"))
        else:
            people |= {person} if (person := _stranger(task)) else set()
            yield _row(number, task, options)
    check_sessions(people, options, path)


def write(rows: Iterable[Row], path: Path) -> None:
    """Write answered tasks of the choice interface."""
    write_lines((_task(row) for row in rows), path)


def _stranger(task: Mapping[str, Any]) -> str | None:
    """Who did a task that is no export of ours."""
    meta = task.get("meta")
    return None if isinstance(meta, dict) and OURS in meta else person_of_task(task)


def _row(number: int, task: Mapping[str, Any], options: ReadOptions) -> SourceRow:
    meta = task["meta"] if isinstance(task.get("meta"), dict) else {}
    text = text_of(task, options)
    if isinstance(text, tuple):
        return SourceRow(number, problem=text)
    beside = {k: v for k, v in task.items() if k not in (*_TOOL, *_REVIEW) and k[:1] != "_"}
    fields = {**place_of({**without(beside, "text", options.text or "text"), **meta}, options)}
    fields |= {**given(annotator=person_of_task(task), at=_time(task)), **text}
    own = meta.get(OURS)
    if isinstance(own, dict):
        # Prodigy counts seconds; a time of ours in another second is of an answer since changed
        same = _seconds(own.get("at")) == task.get("_timestamp")
        fields |= own if same else without(own, "at", "annotator", "act")
    if "versions" in task:
        fields["act"] = "adjudicate"
    return row_of(number, fields, _answer(task, options))


def _answer(task: Mapping[str, Any], options: ReadOptions) -> Answer:
    choice = "accept" in task or "options" in task
    if not choice and "label" in task:  # binary, however it was answered
        return Answer(problem=("accept", "missing", task["label"], _ONE))
    if task["answer"] != "accept":
        return Answer(skipped=True)
    if "accept" in task:
        return _chosen(task, options)
    if "cats" in task:
        return answer_of(task["cats"], options)
    seen = sorted(key for key in task if key[:1] != "_")
    return Answer(problem=("accept", "missing", f"the fields {seen}", _ONE))


def _chosen(task: Mapping[str, Any], options: ReadOptions) -> Answer:
    """The options accepted; by their text, which is what people saw, where an id says nothing."""
    listed = task["accept"] if isinstance(task["accept"], list) else [task["accept"]]
    offered = task["options"] if isinstance(task.get("options"), list) else []
    texts = {each.get("id"): each.get("text") for each in offered if isinstance(each, dict)}
    by_id = answer_of([str(each) for each in listed], options)
    if not texts or not listed:
        return by_id
    by_text = answer_of([str(texts.get(each) or each) for each in listed], options)
    if by_id.problem or by_text.problem:
        return by_text if by_id.problem else by_id
    if by_id != by_text and set(by_id.labels or ()) != set(by_text.labels or ()):
        valid = f"ids that mean what their texts say; the texts: {[texts.get(i) for i in listed]}"
        return Answer(problem=("accept", "contradiction", listed, valid))
    return by_id


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
            OURS: without(row, "text", "labels", "doc", "n", *["act"] * skipped),
        },
    }
