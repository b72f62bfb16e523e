"""Check that a row can become an event: an annotation's checks, and who did what when."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from data.annotation.row_checks import FIELDS, Problem, check_row
from data.judgements.details import check_details
from data.judgements.person import normalised_name

ACTS = ("label", "adjudicate", "retract", "skip")
JUDGING = ("label", "adjudicate")  # acts that carry labels
# the fields an event has beside those of an annotation, with what to say is valid
EVENT_FIELDS: Mapping[str, str] = {
    "act": f"one of {list(ACTS)}",
    "at": "when, in ISO 8601, such as 2026-11-23T14:00:00Z",
    "source": "a string: where the event came from",
    "selected_by": "a string: why the sentence was given to the annotator",
    "suggested_by": "a string: the model version whose answer the annotator saw",
}
# how events of a withdrawn file refer to others; lists of ids are written by the store alone
REFERENCES: Mapping[str, str] = {
    "withdraws": "ids of events, with act 'retract' only",
    "restores": "a sha256",
}
_STRINGS = ("annotator", "doc", "id", "register", *EVENT_FIELDS)
_MAX_NAME = 200
MAX_PLACE = 2**31 - 1  # what a database's integer holds
_UNUSABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_CLOCK_SKEW = timedelta(days=1)


def check_event_row(row: Mapping[str, Any], *, now: datetime) -> list[Problem]:
    """Report everything that is wrong with a row that should be an event."""
    act = row.get("act", "label")
    if act not in ACTS:
        close = get_close_matches(str(act), ACTS, n=1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        return [("act", "value", act, hint + EVENT_FIELDS["act"])]
    problems = check_row(_as_annotation(row, act))
    if act not in JUDGING:
        given = [name for name in ("labels", "stances") if row.get(name) not in (None, [])]
        problems += [(each, "unexpected", row[each], f"none with act {act!r}") for each in given]
    for name in _STRINGS:
        problems += _check_string(name, row.get(name))
    if "annotator" not in row:
        problems.append(("annotator", "missing", None, "who did it"))
    if type(row.get("n")) is int and not 0 <= row["n"] <= MAX_PLACE:
        problems.append(("n", "range", row["n"], f"a number from 0 to {MAX_PLACE}"))
    problems += _check_references(row, act)
    unchecked = {name for name in row if name not in _STRINGS and name not in ("text", "labels")}
    problems += [each for name in sorted(unchecked) for each in check_details(name, row[name])]
    return problems + _check_time(row.get("at"), now) + _misspelt(row)


def parse_time(value: str) -> str:
    """Write an ISO 8601 time as UTC with microseconds, so that order as text is order in time.

    A time without an offset is taken as UTC.

    Raises:
        ValueError, OverflowError: it is not a time.
    """
    time = datetime.fromisoformat(value)
    time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return f"{time.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _as_annotation(row: Mapping[str, Any], act: str) -> dict[str, Any]:
    own = {*EVENT_FIELDS, *REFERENCES}
    fields = {name: value for name, value in row.items() if name not in own}
    return fields if act in JUDGING else {**fields, "labels": [], "stances": []}


def _check_string(name: str, value: object) -> list[Problem]:
    valid = EVENT_FIELDS.get(name, f"1 to {_MAX_NAME} characters")
    if value is None or (name in FIELDS and not isinstance(value, str)):
        return []  # absent, or reported by the annotation's own checks
    if not isinstance(value, str):
        return [(name, "type", value, valid)]
    if not normalised_name(value):
        return [(name, "empty", value, valid)]
    if len(value) > _MAX_NAME:
        return [(name, "too_long", f"{len(value)} characters", f"at most {_MAX_NAME}")]
    if _UNUSABLE.search(value):
        return [(name, "character", value, "text without control characters")]
    return []


def _check_references(row: Mapping[str, Any], act: str) -> list[Problem]:
    problems: list[Problem] = []
    ids = row.get("withdraws", [])
    fits = act == "retract" and isinstance(ids, list) and all(map(_is_id, ids)) and ids
    if "withdraws" in row and not fits:
        problems.append(("withdraws", "value", ids, REFERENCES["withdraws"]))
    if "restores" in row and not _is_id(row["restores"]):
        problems.append(("restores", "value", row["restores"], REFERENCES["restores"]))
    return problems


def _is_id(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def _check_time(value: object, now: datetime) -> list[Problem]:
    if not isinstance(value, str) or not value.strip():
        return []  # absent, or reported as a string
    try:
        time = parse_time(value)
    except (ValueError, OverflowError):
        return [("at", "time", value, EVENT_FIELDS["at"])]
    if time > parse_time((now + _CLOCK_SKEW).isoformat()):
        return [("at", "future", value, f"a time before now, {now:%Y-%m-%dT%H:%M}Z")]
    return []


def _misspelt(row: Mapping[str, Any]) -> list[Problem]:
    known = {*FIELDS, *EVENT_FIELDS, *REFERENCES}
    unknown = [name for name in row if name not in known]
    close = {name: get_close_matches(name, EVENT_FIELDS, n=1, cutoff=0.8) for name in unknown}
    return [
        (name, "unknown_field", row[name], f"did you mean {found[0]!r}?")
        for name, found in close.items()
        if found
    ]
