"""Rows from anywhere to events: every row checked, every fault of all of them reported."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from data.annotation.annotation import RowFaults, row_faults
from data.annotation.row_checks import Problem
from data.judgements.event import Act, Event, parse_event
from data.judgements.judgement_row import JUDGING
from data.judgements.person import UNNAMED
from model.errors import Fault, InvalidData


@dataclass(frozen=True)
class SourceRow:
    """One judgement as a file has it, in the fields of data.events.

    Attributes:
        line: line or, in files that are one JSON array, number of the element; from 1.
        fields: the canonical fields, unchecked.
        problem: why there are no fields, if the file's form is broken there.
        answered: False for a task that nobody has answered yet.
        unkept: what the file says there and an event has no place for, in words that are counted;
            a row that is only there to say so is not answered.
        of_task: whether its time is when anything of its task last changed.
    """

    line: int
    fields: object = field(default_factory=dict)
    problem: Problem | None = None
    answered: bool = True
    unkept: tuple[str, ...] = ()
    of_task: bool = False


@dataclass(frozen=True)
class Intake:
    """What rows came to.

    Attributes:
        faults: everything wrong in any row, in the order of the rows.
        unanswered: tasks without an answer; they are neither faults nor events.
        unkept: how often each kind of thing was left out that an event has no place for.
        renamed: how often each annotator got another name, as "found is kept".
        unused: names of the map of annotators that nobody in the file has.
        origin: which file it is: what it says can be taken back.
    """

    events: list[Event]
    faults: list[Fault]
    unanswered: int
    unkept: Mapping[str, int] = field(default_factory=dict)
    renamed: Mapping[str, int] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    origin: str | None = None

    def taken(self, *, accept_valid: bool) -> list[Event]:
        """The events to store.

        Raises:
            InvalidData: there are faults, and it was not asked to take what is valid.
        """
        if self.faults and not accept_valid:
            raise InvalidData(self.faults)
        return self.events


def parse_rows(
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

    Answers that contradict one another (one annotator, one sentence, one time, two answers) are
    all at fault, as nobody can say which is meant; the others of the same row are not. So are two
    answers of nobody, whatever their times: they may be of two people.
    """
    placed: list[tuple[int, Event]] = []
    faults: list[Fault] = []
    unanswered = 0
    unkept: Counter[str] = Counter()
    for row in rows:
        unkept.update(row.unkept)
        if not row.answered and not row.problem:
            unanswered += not row.unkept
            continue
        try:
            event = _event(row, file, now, annotator, source)
            event = replace(event, dated=dated or event.dated, of_task=row.of_task)
            placed.append((row.line, event))
        except RowFaults as error:
            faults += error.faults
    against = _contradictions(placed)
    for number, problem in against.items():
        faults += row_faults([problem], file=file, line=placed[number][0]).faults
    faults.sort(key=lambda fault: fault.line)
    events = [event for number, (_, event) in enumerate(placed) if number not in against]
    return Intake(events, faults, unanswered, unkept)


def _event(
    row: SourceRow, file: str, now: datetime, annotator: str | None, source: str | None
) -> Event:
    if row.problem:
        raise row_faults([row.problem], file=file, line=row.line)
    fields = row.fields
    if isinstance(fields, Mapping):
        fields = {k: v for k, v in fields.items() if v is not None or k == "labels"}
    return parse_event(
        fields, file=file, line=row.line, now=now, source=source, annotator=annotator
    )


def _contradictions(placed: Sequence[tuple[int, Event]]) -> Mapping[int, Problem]:
    """By place in `placed`: what is wrong with each answer that another one contradicts."""
    said: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, (_, event) in enumerate(placed):
        nobody = event.person == UNNAMED and event.act != Act.RETRACT
        at = "" if nobody else event.at
        said[event.item, event.person, event.act == Act.ADJUDICATE, at].append(number)
    problems: dict[int, Problem] = {}
    for group in said.values():
        if len({placed[number][1].content for number in group}) > 1:
            for number in group:
                problems[number] = _contradiction(number, group, placed)
    return problems


def _contradiction(
    number: int, group: Sequence[int], placed: Sequence[tuple[int, Event]]
) -> Problem:
    event = placed[number][1]
    other = next(each for each in group if placed[each][1].content != event.content)
    line, against = placed[other]
    twice = event.doc is not None and event.n != against.n
    # one answer holds for the whole document: there `at` would not help
    way = (
        f"the sentence stands twice in {event.doc!r}, and one answer holds for both: give the same"
        if twice
        else "say `at` when, `doc` where, or whose it is"
    )
    if event.person == UNNAMED and not twice:
        way = "name whose each is; or ANNOTATOR= says that all are of one"
    valid = f"row {line} has another answer by {event.annotator!r}, {_answer(against)}: {way}"
    return ("labels", "contradiction", _answer(event), valid)


def _answer(event: Event) -> list[str] | str:
    return list(map(str, event.labels)) if event.act in JUDGING else str(event.act)
