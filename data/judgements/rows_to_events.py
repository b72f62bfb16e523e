"""Rows from anywhere to events: every row checked, every fault of all of them reported."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from data.annotation.annotation import RowFaults, row_faults
from data.annotation.row_checks import Problem
from data.judgements.event import Act, Event, parse_event
from model.errors import Fault, InvalidData


@dataclass(frozen=True)
class SourceRow:
    """One judgement as a file has it, in the fields of data.events.

    Attributes:
        line: line or, in files that are one JSON array, number of the element; from 1.
        fields: the canonical fields, unchecked.
        problem: why there are no fields, if the file's form is broken there.
        answered: False for a task that nobody has answered yet.
    """

    line: int
    fields: object = field(default_factory=dict)
    problem: Problem | None = None
    answered: bool = True


@dataclass(frozen=True)
class Intake:
    """What rows came to.

    Attributes:
        faults: everything wrong in any row, in the order of the rows.
        unanswered: tasks without an answer; they are no fault and no event.
    """

    events: list[Event]
    faults: list[Fault]
    unanswered: int

    def taken(self, *, accept_valid: bool) -> list[Event]:
        """The events to store.

        Raises:
            InvalidData: there are faults, and it was not asked to take what is valid.
        """
        if self.faults and not accept_valid:
            raise InvalidData(self.faults)
        return self.events


def take_in(
    rows: Iterable[SourceRow],
    *,
    file: str,
    now: datetime,
    annotator: str | None = None,
    source: str | None = None,
    dated: bool = False,
) -> Intake:
    """Turn rows into events; `annotator` and `source` are for rows that name none.

    `dated` says that rows without a time are of this very moment, not copies of unknown age.

    Rows that contradict one another (one annotator, one sentence, one time, two answers) are all
    at fault, as nobody can say which is meant.
    """
    placed: list[tuple[int, Event]] = []
    faults: list[Fault] = []
    unanswered = 0
    for row in rows:
        if not row.answered:
            unanswered += 1
            continue
        try:
            event = _event(row, file, now, annotator, source)
            placed.append((row.line, replace(event, dated=dated or event.dated)))
        except RowFaults as error:
            faults += error.faults
    against = _contradictions(placed)
    for line, problem in against.items():
        faults += row_faults([problem], file=file, line=line).faults
    faults.sort(key=lambda fault: fault.line)
    return Intake([event for line, event in placed if line not in against], faults, unanswered)


def _event(
    row: SourceRow, file: str, now: datetime, annotator: str | None, source: str | None
) -> Event:
    if row.problem:
        raise row_faults([row.problem], file=file, line=row.line)
    fields = row.fields
    if isinstance(fields, Mapping):
        named: dict[str, Any] = {"annotator": annotator} if annotator else {}
        fields = named | {k: v for k, v in fields.items() if v is not None or k == "labels"}
    return parse_event(fields, file=file, line=row.line, now=now, source=source)


def _contradictions(placed: Iterable[tuple[int, Event]]) -> Mapping[int, Problem]:
    said: defaultdict[tuple[object, ...], list[tuple[int, Event]]] = defaultdict(list)
    for line, event in placed:
        final = event.act == Act.ADJUDICATE
        said[event.item, event.person, final, event.at].append((line, event))
    problems: dict[int, Problem] = {}
    for group in said.values():
        if len({event.content for _, event in group}) > 1:
            lines = [line for line, _ in group]
            for line, event in group:
                other = next((each for each in lines if each != line), line)
                got = list(map(str, event.labels)) if event.act != Act.SKIP else "skip"
                valid = f"row {other} has another answer by {event.annotator!r}: say `at` when"
                problems[line] = ("labels", "contradiction", got, valid)
    return problems
