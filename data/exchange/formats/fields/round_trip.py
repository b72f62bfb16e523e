"""Answers of ours that went through another tool: whose they were before it renamed them.

A tool gives what it imports to whoever imported it, with a new time. An export of ours therefore
carries its own rows in every task, and what comes back unchanged is one of them again. Only what
somebody changed or added in the tool is that person's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.exchange.formats.fields.answers import Answer
from data.exchange.formats.fields.rows import OURS, Row, given, without
from data.judgements.judgement_row import JUDGING
from data.judgements.person import person_of


@dataclass(frozen=True)
class Returned:
    """One answer as the tool has it.

    Attributes:
        person: who the tool says it is of.
        key: under which we wrote it, if the tool kept that.
        added: whether the tool says that it was made there.
        act: what was done, as an event's act; None if the tool leaves out whether it decides.
    """

    answer: Answer
    act: str | None
    person: str | None = None
    key: object = None
    added: bool = False


def carried_rows(found: object) -> list[Mapping[str, Any]]:
    """The rows that a task carries; none if it is no export of ours."""
    rows = found if isinstance(found, list) else []
    return [row for row in rows if isinstance(row, dict) and isinstance(row.get("annotator"), str)]


def marked(row: Row, **own: object) -> dict[str, Any]:
    """A row to carry, with what only the tool's file needs apart from the row's own fields."""
    return {**row, OURS: given(**own)}


def mark_of(row: Row, name: str) -> Any:  # noqa: ANN401 - any JSON value
    """What was marked on a carried row; exports of before have it among the row's fields."""
    own = row.get(OURS)
    return own.get(name) if isinstance(own, dict) else row.get(name)


def unmarked(row: Row, name: str) -> dict[str, Any]:
    """The row as it was before it was marked."""
    return without(row, OURS if isinstance(row.get(OURS), dict) else name)


def owners(returned: Sequence[Returned], rows: Sequence[Row]) -> list[Row | None]:
    """For each answer the carried row that it still is, or None if somebody gave it in the tool.

    The key decides first, then the person, then what was said.
    """
    left = list(rows)
    found: list[Row | None] = [None] * len(returned)
    for fits in (_same_key, _same_person, _says):
        for number, each in enumerate(returned):
            if found[number] is None and not each.added:
                match = next((row for row in left if _says(row, each) and fits(row, each)), None)
                if match is not None:
                    found[number] = match
                    left.remove(match)
    return found


def said(row: Row) -> tuple[str, frozenset[str]]:
    """What a row says: its act and its labels."""
    return str(row.get("act", "label")), frozenset(row.get("labels") or ())


def _says(row: Row, each: Returned) -> bool:
    act, labels = said(row)
    same_act = act in JUDGING if each.act is None else act == each.act
    return same_act and labels == frozenset(each.answer.labels or ())


def _same_key(row: Row, each: Returned) -> bool:
    return each.key is not None and mark_of(row, "key") == each.key


def _same_person(row: Row, each: Returned) -> bool:
    return each.person is not None and person_of(str(row.get("annotator"))) == person_of(
        each.person
    )
