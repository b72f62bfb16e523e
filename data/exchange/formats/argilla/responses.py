"""The responses of an Argilla record in one form, whichever of its parts wrote them.

The client writes them by question, the server by user, the client's flat form as keys with dots.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from data.annotation.row_checks import Problem
from data.exchange.formats.fields.rows import Row, person_of
from data.judgements.event_checks import parse_time

_FLAT = ".responses"
_OF_RECORD = ("id", "_server_id", "status", "inserted_at", "updated_at")


@dataclass(frozen=True)
class Response:
    """What one user did with one record.

    Attributes:
        status: None if it is not said.
        values: by question.
        of_record: whether `at` is when anything of the record last changed.
    """

    user: str | None
    status: str | None
    values: Mapping[str, object]
    at: object = None
    of_record: bool = False

    def others(self, question: str) -> dict[str, object]:
        """The answers to other questions."""
        return {k: v for k, v in self.values.items() if k != question and v is not None}


def as_record(value: object) -> dict[str, Any] | None:
    """A record with its fields; the client's flat form has them beside the rest."""
    if not isinstance(value, dict) or isinstance(value.get("fields"), dict):
        return value if isinstance(value, dict) else None
    if not any(name.endswith(_FLAT) for name in value):
        return None
    own = [name for name in value if "." in name or name in _OF_RECORD]
    return {**value, "fields": {name: each for name, each in value.items() if name not in own}}


def questions_of(records: Iterable[Row]) -> dict[str, list[object]]:
    """Every question that a response or a suggestion answers, with the values of responses."""
    found: defaultdict[str, list[object]] = defaultdict(list)
    for record in records:
        for response in responses_of(record)[0]:
            for question, value in response.values.items():
                found[question].append(value)
        for name in ("suggestions", "responses"):
            asked = record.get(name)
            for question in asked if isinstance(asked, dict) else ():
                found[str(question)] += []
    return dict(found)


def responses_of(record: Row) -> tuple[list[Response], Problem | None]:
    """All responses, or what is wrong with their form."""
    found = record.get("responses") or _unflattened(record)
    if isinstance(found, dict):
        return _by_question(found, _time_of(record))
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        return [], ("responses", "type", found, "responses by question, or a list of them")
    return [_of_server(each) for each in found], None


def _by_question(found: Mapping[str, Any], at: str | None) -> tuple[list[Response], Problem | None]:
    """One response a user, with the answers to all questions.

    Where a user has several to one question, the first goes with the first to another.
    """
    values: dict[tuple[str | int, str | None, int], dict[str, object]] = {}
    for question, listed in found.items():
        if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
            return [], ("responses", "type", listed, f"a list of responses to {question!r}")
        seen: Counter[tuple[str | int, str | None]] = Counter()
        for place, each in enumerate(listed):
            key = (person_of(each.get("user_id")) or place, _status(each))
            values.setdefault((*key, seen[key]), {})[str(question)] = each.get("value")
            seen[key] += 1
    return [
        Response(user if isinstance(user, str) else None, status, answers, at, of_record=True)
        for (user, status, _), answers in values.items()
    ], None


def _time_of(record: Row) -> str | None:
    """When anything of a record last changed, if it says so."""
    at = record.get("updated_at")
    try:
        return parse_time(at) if isinstance(at, str) else None
    except (ValueError, OverflowError):
        return None


def _of_server(response: Mapping[str, Any]) -> Response:
    values = response.get("values")
    answers = {
        str(question): each.get("value") if isinstance(each, dict) else each
        for question, each in (values.items() if isinstance(values, dict) else ())
    }
    at = response.get("updated_at") or response.get("inserted_at")
    return Response(person_of(response.get("user_id")), _status(response), answers, at)


def _status(response: Mapping[str, Any]) -> str | None:
    status = response.get("status")
    return None if status is None else str(status)


def _unflattened(record: Row) -> dict[str, object]:
    """Keys such as `labels.responses`, `.responses.users` and `.responses.status`, by question."""
    found: dict[str, object] = {}
    for name, listed in record.items():
        if name.endswith(_FLAT) and isinstance(listed, list):
            users = record.get(f"{name}.users") or [None] * len(listed)
            statuses = record.get(f"{name}.status") or [None] * len(listed)
            found[name.removesuffix(_FLAT)] = [
                {"value": value, "user_id": user, "status": status}
                for value, user, status in zip(listed, users, statuses, strict=False)
            ]
    return found
