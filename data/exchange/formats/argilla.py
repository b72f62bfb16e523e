"""Argilla's records as JSON: fields, metadata, and the responses of several people.

Submitted responses are answers, discarded ones skips; drafts and records without responses are
unanswered. Suggestions are not read.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

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

_VALID = "responses to one question named labels"


def read(path: Path) -> Iterator[SourceRow]:
    """Yield every response to every record."""
    for number, record in enumerate(read_array(path), 1):
        if not isinstance(record, dict) or not isinstance(record.get("fields"), dict):
            yield SourceRow(number, problem=("row", "type", record, "a record with fields"))
        else:
            yield from _record_rows(record, number)


def write(rows: Iterable[Row], path: Path) -> None:
    """Write records of one text field and one question, labels."""
    write_array((_record(number, group) for number, group in enumerate(grouped(rows), 1)), path)


def _record_rows(record: Mapping[str, Any], number: int) -> Iterator[SourceRow]:
    metadata = record["metadata"] if isinstance(record.get("metadata"), dict) else {}
    context = {"text": record["fields"].get("text"), **place_of(metadata)}
    responses, problem = _responses(record.get("responses"))
    if problem:
        yield SourceRow(number, problem=problem)
    elif not responses:
        yield SourceRow(number, answered=False)
    written = _written(metadata.get(OURS))
    for response in responses:
        yield _row(response, number, context, written)


def _responses(found: object) -> tuple[list[Mapping[str, Any]], Problem | None]:
    """The responses in one form, whether the client wrote them (by question) or the server."""
    if found is None:
        return [], None
    if isinstance(found, dict):
        question = "labels" if "labels" in found or len(found) != 1 else next(iter(found))
        listed = found.get(question, [] if not found else None)
    else:
        listed = found
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        return [], ("responses", "type", found, _VALID)
    return listed, None


def _row(
    response: Mapping[str, Any], number: int, context: Row, written: list[dict[str, Any]]
) -> SourceRow:
    status, user = response.get("status") or "submitted", response.get("user_id")
    if status not in ("submitted", "discarded"):
        problem = ("responses.status", "value", status, "submitted, discarded or draft")
        return SourceRow(
            number, problem=None if status == "draft" else problem, answered=status != "draft"
        )
    fields = given(annotator=None if user is None else str(user), at=response.get("updated_at"))
    fields |= context
    said = {"act": "skip"} if status == "discarded" else {"labels": _value(response)}
    row = next((each for each in written if _user(each.get("annotator")) == user), None)
    if row is not None:
        written.remove(row)
        # of an answer that was changed in Argilla only the annotator's name still holds
        same = row.get("act") == "skip" if "act" in said else row.get("labels") == said["labels"]
        fields |= row if same else {"annotator": row["annotator"]}
    return SourceRow(number, {**fields, **said})


def _value(response: Mapping[str, Any]) -> object:
    value, values = response.get("value"), response.get("values")
    if isinstance(values, dict):  # the server's form
        answer = values.get("labels", next(iter(values.values()), None))
        value = answer.get("value") if isinstance(answer, dict) else answer
    return named_stances(value)


def _written(text: object) -> list[dict[str, Any]]:
    """The rows that `write` made the responses of."""
    try:
        rows = json.loads(text) if isinstance(text, str) else []
    except ValueError:
        return []
    return rows if isinstance(rows, list) and all(isinstance(each, dict) for each in rows) else []


def _user(annotator: object) -> str:
    return str(uuid5(NAMESPACE_URL, str(annotator)))  # Argilla's users are UUIDs


def _record(number: int, rows: list[Row]) -> Row:
    first = rows[0]
    # metadata takes no nested values
    rest = json.dumps([without(row, "text", "doc", "n") for row in rows])
    return {
        "id": str(number),
        "fields": {"text": first["text"]},
        "metadata": {**given(doc=first.get("doc"), n=first.get("n")), OURS: rest},
        "suggestions": {},
        "responses": {"labels": [_response(row) for row in rows]},
        "vectors": {},
    }


def _response(row: Row) -> Row:
    return {
        "value": row.get("labels", []),
        "user_id": _user(row["annotator"]),
        "status": "discarded" if row.get("act") == "skip" else "submitted",
    }
