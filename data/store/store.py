"""Where events are kept; they are added, never changed.

What `append` has returned from is on disk: it was committed with fsync (SQLite: WAL with
synchronous=FULL; PostgreSQL: its own default). An import that is killed leaves nothing of itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Column, Connection, Engine, func, insert, select

from data.annotation.annotation import Annotation
from data.judgements.event import Event
from data.judgements.resolve import Resolved, Status, current_events, resolve, to_annotations
from data.store.database import in_batches, open_database, transaction
from data.store.pool import Candidates
from data.store.tables import EVENTS, event_columns, event_from

# Sentences looked at together for those of one status. Each look goes through the whole index, so
# that looking at a page's 100 at a time costs minutes where few of 100,000 are conflicts.
_SCAN = 5000


@dataclass(frozen=True)
class Appended:
    """What became of the events given.

    Attributes:
        known: were there already, and changed nothing.
        outdated: of those, the ones without a time whose annotator has said otherwise since.
    """

    added: int
    known: int
    outdated: int


class AnnotationStore:
    """All events of all annotators; safe to use from several threads and processes.

    Every method raises StoreError when the database cannot be used.

    Attributes:
        candidates: sentences that might be annotated next, in the same database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.candidates = Candidates(engine)

    def append(self, events: Sequence[Event]) -> Appended:
        """Add the events that are new, all or none.

        An event is known if its id is; one that came without a time, if the same was ever said,
        so that importing a file again changes nothing.
        """
        with transaction(self._engine, writes=True) as connection:
            if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
                connection.exec_driver_sql("LOCK TABLE events IN EXCLUSIVE MODE")
            new, undated = _sift(connection, events)
            if new:
                connection.execute(insert(EVENTS), [event_columns(each) for each in new])
            standing = current_events(_about(connection, {each.item for each in undated}))
        contents = {each.content for each in standing}
        outdated = sum(each.content not in contents for each in undated)
        return Appended(len(new), len(events) - len(new), outdated)

    def events(self) -> list[Event]:
        """Every event, in the order of arrival."""
        with transaction(self._engine, writes=False) as connection:
            return [event_from(row) for row in connection.execute(_IN_ORDER)]

    def resolved(self) -> list[Resolved]:
        """What is held about every sentence now, oldest judgement first."""
        return resolve(self.events())

    def about(self, items: Iterable[str]) -> list[Resolved]:
        """What is held now about the sentences with these item ids."""
        with transaction(self._engine, writes=False) as connection:
            return resolve(_about(connection, items))

    def page(
        self, *, after: int, limit: int, doc: str | None = None, status: Status | None = None
    ) -> tuple[list[Resolved], int | None]:
        """Up to `limit` sentences in the order they first came, and where to go on, or None.

        `after` is where the page before ended; 0 begins.
        """
        found: list[Resolved] = []
        step = limit if status is None else _SCAN
        while True:
            with transaction(self._engine, writes=False) as connection:
                places = _places(connection, after, step, doc)
                held = {each.item: each for each in resolve(_about(connection, places))}
            if not places:
                return found, None
            for item, after in places.items():
                if (each := held.get(item)) and status in (None, each.status):
                    found.append(each)
                if len(found) == limit:
                    return found, after

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def open_store(location: str | Path) -> AnnotationStore:
    """Open the store at a path or `postgresql://` URL; an empty one is made where none is.

    Raises:
        StoreError: it cannot be opened, or was written by a newer version.
    """
    return AnnotationStore(open_database(location))


def resolved_annotations(store: AnnotationStore) -> list[Annotation]:
    """What a model may learn from: conflicts and skips are left out.

    `data.judgements.resolve.count_statuses(store.resolved())` counts them.
    """
    return to_annotations(store.resolved())


_IN_ORDER = select(EVENTS).order_by(EVENTS.c.seq)


def _sift(connection: Connection, events: Sequence[Event]) -> tuple[list[Event], list[Event]]:
    """The events that are new, and the known ones that came without a time."""
    ids = _existing(connection, EVENTS.c.id, (each.id for each in events))
    said = (each.content for each in events if not each.dated)
    contents = _existing(connection, EVENTS.c.content, said)
    new: dict[str, Event] = {}
    undated: list[Event] = []
    for event in events:
        if not event.dated and event.content in contents:
            undated.append(event)
        elif event.id not in ids:
            new.setdefault(event.id, event)
    return list(new.values()), undated


def _existing(connection: Connection, column: Column[str], values: Iterable[str]) -> set[str]:
    return {
        value
        for batch in in_batches(values)
        for value in connection.scalars(select(column).where(column.in_(batch)))
    }


def _about(connection: Connection, items: Iterable[str]) -> list[Event]:
    return [
        event_from(row)
        for batch in in_batches(items)
        for row in connection.execute(_IN_ORDER.where(EVENTS.c.item.in_(batch)))
    ]


def _places(connection: Connection, after: int, limit: int, doc: str | None) -> dict[str, int]:
    """The next sentences, each with the place of its first event."""
    first = func.min(EVENTS.c.seq).label("first")
    query = select(EVENTS.c.item, first).group_by(EVENTS.c.item).having(first > after)
    if doc is not None:
        query = query.where(EVENTS.c.doc == doc)
    rows = connection.execute(query.order_by(first).limit(limit))
    return {row.item: row.first for row in rows}
