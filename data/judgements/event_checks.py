"""Check that a row can become an event: an annotation's checks, and who did what when."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from data.annotation.row_checks import FIELDS, Problem, check_row, did_you_mean, resembled
from data.judgements.details import check_details
from data.judgements.judgement_row import ACTS, JUDGING, ORIGIN, check_origin

# the fields an event has beside those of an annotation
EVENT_FIELDS = ("act", *(name for name in ORIGIN if name not in FIELDS))
_VALID_ACT = f"one of {list(ACTS)}"
# how events of a withdrawn file refer to others; lists of ids are written by the store alone
REFERENCES: Mapping[str, str] = {
    "withdraws": "ids of events, with act 'retract' only",
    "restores": "a sha256",
}
_TIME = "when, in ISO 8601, such as 2026-11-23T14:00:00Z"
_CLOCK_SKEW = timedelta(days=1)


def check_event_row(
    row: Mapping[str, Any], *, now: datetime, filled: Iterable[str] = ()
) -> list[Problem]:
    """Report everything that is wrong with a row that should be an event.

    `filled` are fields that the row did not have itself.
    """
    act = row.get("act", "label")
    if act not in ACTS:
        close = get_close_matches(str(act), ACTS, n=1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        return [("act", "value", act, hint + _VALID_ACT)]
    problems = check_row(_as_annotation(row, act), filled=filled)
    if act not in JUDGING:
        given = [name for name in ("labels", "stances") if row.get(name) not in (None, [])]
        problems += [(each, "unexpected", row[each], f"none with act {act!r}") for each in given]
    problems += check_origin(row)
    problems += _check_references(row, act)
    checked = {"text", "labels", *ORIGIN}
    for name in sorted(set(row) - checked):
        problems += check_details(name, row[name])
    return problems + _check_time(row.get("at"), now) + _misspelt(row, {*row} - {*filled})


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
        return [("at", "time", value, _TIME)]
    if time > parse_time((now + _CLOCK_SKEW).isoformat()):
        return [("at", "future", value, f"a time before now, {now:%Y-%m-%dT%H:%M}Z")]
    return []


def _misspelt(row: Mapping[str, Any], own: Iterable[str]) -> list[Problem]:
    known = {*FIELDS, *EVENT_FIELDS, *REFERENCES}
    unknown = [name for name in row if name not in known]
    meant = {name: resembled(name, EVENT_FIELDS, own, cutoff=0.8) for name in unknown}
    return [
        (name, "unknown_field", row[name], did_you_mean(name, field))
        for name, field in meant.items()
        if field
    ]
