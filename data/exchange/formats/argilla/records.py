"""Argilla's records as JSON: fields, metadata, and the responses of several people.

Submitted responses are answers, discarded ones skips; drafts, records without responses and
responses that leave the question out are unanswered. Suggestions are not read.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from data.exchange.formats.argilla.responses import Response, as_record, questions_of, responses_of
from data.exchange.formats.fields.answer_field import pick_field
from data.exchange.formats.fields.answers import Answer, answer_of
from data.exchange.formats.fields.content import read_values
from data.exchange.formats.fields.options import NONE, SKIP, ReadOptions
from data.exchange.formats.fields.people import AnnotatorMap
from data.exchange.formats.fields.round_trip import carried_rows, mark_of, marked, said, unmarked
from data.exchange.formats.fields.rows import (
    OURS,
    Row,
    given,
    grouped,
    place_of,
    row_of,
    text_of,
    without,
    write_array,
)
from data.judgements.rows_to_events import SourceRow

_UNSAID = (
    "responses without a status, read as submitted: filter drafts and discarded ones out in Argilla"
)
_OTHERS = "responses to other questions only"
_USER = "user_id"
_STATUSES = (None, "submitted", "discarded", "draft")


def read(path: Path, options: ReadOptions) -> Iterator[SourceRow]:
    """Yield every response to every record.

    Raises:
        InvalidData: it cannot be read, or several questions could hold the answer.
    """
    lines = [(number, as_record(v) or v, wrong) for number, v, wrong in read_values(path, options)]
    records = [value for _, value, _ in lines if isinstance(value, dict)]
    question = pick_field(questions_of(records), options, path, what="question") or "labels"
    for number, record, problem in lines:
        if problem or not isinstance(record, dict) or not isinstance(record.get("fields"), dict):
            wrong = problem or ("row", "type", record, "a record with fields")
            yield SourceRow(number, problem=wrong)
        else:
            yield from _record_rows(record, number, question, options)


def write(rows: Iterable[Row], path: Path, users: Mapping[str, str] | None = None) -> None:
    """Write records of one text field and one question, labels, that has the label "none" too.

    Argilla refuses responses of users that it does not know. `users` says which of its ids each
    annotator has; answers of others stand in the metadata only, and are read from there again.
    """
    groups, known = enumerate(grouped(rows), 1), AnnotatorMap(users)
    write_array((_record(number, group, known) for number, group in groups), path)


def _record_rows(
    record: Mapping[str, Any], number: int, question: str, options: ReadOptions
) -> Iterator[SourceRow]:
    metadata = record["metadata"] if isinstance(record.get("metadata"), dict) else {}
    text = text_of(record["fields"], options)
    responses, problem = responses_of(record)
    if problem or isinstance(text, tuple):
        yield SourceRow(number, problem=problem or text)  # type: ignore[arg-type]
        return
    beside = {k: v for k, v in record["fields"].items() if k not in ("text", options.text)}
    context = {**place_of({**beside, **metadata}, options), **text}
    carried = _carried(metadata.get(OURS))
    if record.get("suggestions"):
        yield SourceRow(number, answered=False, unkept=("suggestions of records",))
    if unsaid := sum(response.status is None for response in responses):
        # `to_json` of the client leaves the status out
        yield SourceRow(number, answered=False, unkept=(_UNSAID,) * unsaid)
    for response in responses:
        yield _row(response, number, question, context, carried, options)
    for row in carried:
        if mark_of(row, _USER) is None:  # not a response there, for want of a user
            yield SourceRow(number, {**context, **unmarked(row, _USER)})
    if not responses and not carried:
        yield SourceRow(number, answered=False)


def _row(
    response: Response,
    number: int,
    question: str,
    context: Row,
    carried: list[Mapping[str, Any]],
    options: ReadOptions,
) -> SourceRow:
    if response.status not in _STATUSES:
        valid = "submitted, discarded or draft"
        return SourceRow(number, problem=("responses.status", "value", response.status, valid))
    answer = _answer(response, question, options)
    others = response.others(question)
    if not answer.answered and others:
        unkept = () if response.status == "draft" else (_OTHERS,)
        return SourceRow(number, answered=False, unkept=unkept)
    fields = {**context, **given(annotator=response.user, at=response.at, result=others or None)}
    of_record = response.of_record and response.at is not None
    row = next((each for each in carried if response.user in _users(each)), None)
    if row is not None:
        carried.remove(row)
        act = SKIP if answer.skipped else str(row.get("act", "label"))
        # of an answer that was changed in Argilla only the annotator's name still holds
        same = said(row) == (act, frozenset(answer.labels or ()))
        fields |= unmarked(row, _USER) if same else {"annotator": row["annotator"]}
        of_record = of_record and not same
    return replace(row_of(number, fields, answer), of_task=of_record)


def _answer(response: Response, question: str, options: ReadOptions) -> Answer:
    if response.status == "discarded":
        return Answer(skipped=True)
    if response.status == "draft" or question not in response.values:
        return Answer(answered=False)
    return answer_of(response.values[question], options)


def _carried(text: object) -> list[Mapping[str, Any]]:
    """The rows that `write` made the record of."""
    try:
        return carried_rows(json.loads(text) if isinstance(text, str) else text)
    except ValueError:
        return []


def _users(row: Row) -> tuple[object, object]:
    """The ids that a row's annotator has in Argilla; the second is of exports before there were."""
    return mark_of(row, _USER), str(uuid5(NAMESPACE_URL, str(row["annotator"])))


def _record(number: int, rows: list[Row], users: AnnotatorMap) -> Row:
    first = rows[0]
    known, answered = [], set()
    for row in rows:
        user = users.kept(row["annotator"])
        known.append(marked(row, user_id=None if user in answered else user))
        answered.add(user)  # Argilla takes one response of a user to a record
    # metadata takes no nested values
    rest = json.dumps([without(row, "text", "doc", "n") for row in known], ensure_ascii=False)
    responses = [_response(row) for row in known if mark_of(row, _USER)]
    return {
        "id": str(number),
        "fields": {"text": first["text"]},
        "metadata": {**given(doc=first.get("doc"), n=first.get("n")), OURS: rest},
        "suggestions": {},
        "responses": {"labels": responses} if responses else {},
        "vectors": {},
    }


def _response(row: Row) -> Row:
    return {
        "value": row.get("labels") or [NONE],  # Argilla refuses an empty list
        "user_id": mark_of(row, _USER),
        "status": "discarded" if row.get("act") == "skip" else "submitted",
    }
