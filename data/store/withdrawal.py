"""Take a file back: its answers, and nothing else that their annotators have said."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from data.judgements.event import Act, Event
from data.judgements.event_checks import parse_time
from data.judgements.standing import withdrawn_ids


@dataclass(frozen=True)
class Withdrawal:
    """Retractions that take back the answers of a file.

    Attributes:
        events: one for each sentence and annotator; each names the events that it takes back.
        absent: how many answers of the file are not in the store, or were withdrawn before.
    """

    events: list[Event]
    absent: int


def withdraw(events: Sequence[Event], held: Sequence[Event], *, now: datetime) -> Withdrawal:
    """Find the stored copies of a file's events: of the same time or, without one, of any time.

    A retraction by name needs no time: a corrected file with the times of the wrong one holds, and
    an answer from before the file counts again.
    """
    gone = withdrawn_ids(held)
    copies: defaultdict[str, list[Event]] = defaultdict(list)
    for each in held:
        if (each.person, each.id) not in gone:
            copies[each.content].append(each)
    named: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    of = {}
    absent = 0
    for event in events:
        same = [e for e in copies[event.content] if not event.dated or e.at == event.at]
        absent += not same
        if same:
            named[event.item, event.person] |= {each.id for each in same}
            of[event.item, event.person] = event
    at = parse_time(now.isoformat())
    return Withdrawal([_retraction(of[key], at, ids) for key, ids in named.items()], absent)


def _retraction(event: Event, at: str, ids: set[str]) -> Event:
    return Event(
        Act.RETRACT,
        event.text,
        event.annotator,
        at,
        doc=event.doc,
        n=event.n,
        source=event.source,
        details={"withdraws": sorted(ids)},
    )
