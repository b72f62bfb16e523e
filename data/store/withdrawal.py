"""Take a file back: its answers, and nothing else that their annotators have said."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from data.judgements.event import Act, Event
from data.judgements.event_checks import parse_time
from data.judgements.standing import withdrawn_ids
from data.store.location import IMPORTED


@dataclass(frozen=True)
class Withdrawal:
    """Retractions that take back the answers of a file.

    Attributes:
        events: one for each sentence and annotator; each names the events that it takes back.
        absent: how many answers of the file are not in the store, or were withdrawn before.
        released: ids of events that stay, as they were said elsewhere, too.
        elsewhere: how many answers of the file stay, as they were said elsewhere.
    """

    events: list[Event]
    absent: int
    released: frozenset[str] = frozenset()
    elsewhere: int = 0


def withdraw(
    events: Sequence[Event],
    held: Sequence[Event],
    claims: Mapping[str, set[str]],
    *,
    file: str | None,
    now: datetime,
) -> Withdrawal:
    """Find the stored copies of a file's events: of the same time or, without one, of any time.

    What another file says, or was said over HTTP, stays, whichever came first. A retraction by
    name needs no time: a corrected file with the times of the wrong one holds, and an answer from
    before the file counts again.
    """
    gone = withdrawn_ids(held)
    copies: defaultdict[str, list[Event]] = defaultdict(list)
    for each in held:
        if (each.person, each.id) not in gone:
            copies[each.content].append(each)
    named: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    of = {}
    released: set[str] = set()
    absent = elsewhere = 0
    for event in events:
        same = [e for e in copies[event.content] if not event.dated or e.at == event.at]
        own = [e for e in same if _is_of(file, event, e, claims)]
        alone = {e.id for e in own if len(claims.get(e.id, ())) < 2}
        released |= {e.id for e in own} - alone
        absent += not same
        elsewhere += bool(same) and not alone
        if alone:
            named[event.item, event.person] |= alone
            of[event.item, event.person] = event
    at = parse_time(now.isoformat())
    retractions = [_retraction(of[key], at, ids) for key, ids in named.items()]
    return Withdrawal(retractions, absent, frozenset(released), elsewhere)


def _is_of(file: str | None, event: Event, stored: Event, claims: Mapping[str, set[str]]) -> bool:
    """Whether a stored event was in the file; of a store from before, its source says so.

    A row of an export says its source itself, so that the file's own is not to be seen there.
    """
    if stored.id in claims:
        return file in claims[stored.id]
    said = str(stored.source).startswith(IMPORTED) or file is None
    return stored.source == file or (said and stored.source == event.source)


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
