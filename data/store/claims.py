"""Where each event was said: in which files, or over HTTP. Taking a file back leaves the others'.

Of an event without a row, its source is where it was said.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, insert, select

from data.store.database import in_batches
from data.store.new_events import Arrival
from data.store.tables import CLAIMS


def claims_on(connection: Connection, ids: Iterable[str]) -> Mapping[str, set[str]]:
    """Read the origins of events by their ids; those without a row are left out."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for batch in in_batches(set(ids)):
        for row in connection.execute(select(CLAIMS).where(CLAIMS.c.event.in_(batch))):
            found[row.event].add(row.origin)
    return found


def record_claims(connection: Connection, arrival: Arrival, origin: str | None) -> None:
    """Record where the events that arrived are from: the file `origin`, or each event's source."""
    claims = {(event.id, origin) for event in arrival.new if origin}
    held = claims_on(connection, [stored.id for _, stored in arrival.known_as])
    for event, stored in arrival.known_as:
        first, now = stored.source or "", origin or event.source or ""
        before = held.get(stored.id, set())
        if before or first != now:
            claims |= {(stored.id, each) for each in ({now} if before else {first, now}) - before}
    if claims:
        rows = [{"event": event, "origin": each} for event, each in sorted(claims)]
        connection.execute(insert(CLAIMS), rows)


def drop_claims(connection: Connection, ids: Iterable[str], origin: str | None = None) -> None:
    """Forget where events were said, or that `origin` says them."""
    for batch in in_batches(set(ids)):
        gone = CLAIMS.c.event.in_(batch)
        connection.execute(
            delete(CLAIMS).where(gone & (CLAIMS.c.origin == origin) if origin else gone)
        )
