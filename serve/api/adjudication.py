"""Refuse adjudications by the parties to a conflict."""

from dataclasses import replace

from data.judgements.adjudication import parties_among
from data.judgements.event import Act, Event
from data.judgements.rows_to_events import Intake
from data.store.store import AnnotationStore
from model.errors import Fault

_VALID = (
    "somebody who gave none of the labels that differ; or the lead decides that a party may: "
    'a key with the scope adjudicate, or, where no keys are needed, "lead": true'
)


def without_parties(intake: Intake, store: AnnotationStore) -> Intake:
    """Make a fault of every adjudication by somebody who gave one of the labels that differ.

    The labels of the same request count, and those since taken back: nobody gets round it by
    sending both at once, or by stepping back first.
    """
    final = [each for each in intake.events if each.act == Act.ADJUDICATE]
    if not final:
        return intake
    events = [*store.said_of(intake.events), *intake.events]
    parties = {each.id for each in parties_among(final, events)}
    placed = list(zip(_valid_rows(intake), intake.events, strict=True))
    faults = [_fault(row, event) for row, event in placed if event.id in parties]
    return replace(
        intake,
        events=[event for event in intake.events if event.id not in parties],
        faults=sorted([*intake.faults, *faults], key=lambda fault: fault.line),
    )


def _valid_rows(intake: Intake) -> list[int]:
    """The numbers of the rows that became events, in order; rows of requests hold one each."""
    wrong = {fault.line for fault in intake.faults}
    total = len(wrong) + len(intake.events)
    return [number for number in range(1, total + 1) if number not in wrong]


def _fault(row: int, event: Event) -> Fault:
    return Fault("annotations", row, "annotator", "party", repr(event.annotator), _VALID)
