"""Keep events; they are added, never changed.

What `append` has returned from is on disk: it was committed with fsync (SQLite: WAL with
synchronous=FULL; PostgreSQL: its own default). An import that is killed leaves nothing of itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Unpack

from sqlalchemy import Connection, Engine, delete, insert, select

from data.judgements.event import Event
from data.judgements.resolve import Resolved, resolve
from data.store.candidates.leases import Leases
from data.store.candidates.neighbours import Neighbours
from data.store.candidates.offers import Offers
from data.store.candidates.pool import Candidates
from data.store.claims import claims_on, drop_claims, record_claims
from data.store.database import in_batches, open_database, transaction
from data.store.new_events import arrival_notes, count_outdated, sift
from data.store.sentences import (
    Which,
    events_about,
    fill_sentences,
    refresh_sentences,
    resolved_items,
    sentences_after,
)
from data.store.tables import EVENTS, LEASES, event_columns, event_from
from data.store.withdrawal import Withdrawal, withdraw


@dataclass(frozen=True)
class Appended:
    """What became of the events given.

    Attributes:
        known: were there already, and changed nothing.
        outdated: of those, the ones whose annotator has said otherwise since.
        notes: what is not as the sender may think, in sentences.
    """

    added: int
    known: int
    outdated: int
    notes: tuple[str, ...] = ()


class AnnotationStore:
    """All events of all annotators; safe to use from several threads and processes.

    Every method raises StoreError when the database cannot be used.

    Attributes:
        candidates: sentences that might be annotated next, in the same database.
        offers: the sentences of the queue, reason by reason.
        leases: which sentences somebody was given to read.
        neighbours: what stood around the sentences that were scored.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.candidates = Candidates(engine)
        self.offers = Offers(engine)
        self.leases = Leases(engine)
        self.neighbours = Neighbours(engine)

    def append(
        self, events: Sequence[Event], *, file: str | None = None, released: Iterable[str] = ()
    ) -> Appended:
        """Add the events that are new, all or none; see data.store.new_events for what is new.

        `file` is the one they are of, such as "import:" and digits; `released` are ids of events
        that it no longer says, and that stay.
        """
        with transaction(self._engine, writes=True) as connection:
            _one_writer(connection)
            held = events_about(connection, {each.text_hash for each in events})
            arrival = sift(events, held)
            if arrival.new:
                connection.execute(insert(EVENTS), [event_columns(each) for each in arrival.new])
                refresh_sentences(connection, {each.text_hash for each in arrival.new})
                _end_leases(connection, arrival.new)
            record_claims(connection, arrival, file)
            drop_claims(connection, [id_ for each in events for id_ in each.withdraws])
            drop_claims(connection, released, file)
            spelt = _spellings(connection, {each.person for each in events})
        outdated = count_outdated(arrival.known, events, [*held, *arrival.new])
        notes = tuple(arrival_notes(events, arrival, held, spelt))
        return Appended(len(arrival.new), len(events) - len(arrival.new), outdated, notes)

    def withdrawals(
        self, events: Sequence[Event], *, now: datetime, file: str | None = None
    ) -> Withdrawal:
        """Find what takes back the events of a file; `append` it to do so."""
        with transaction(self._engine, writes=False) as connection:
            held = events_about(connection, {each.text_hash for each in events})
            claims = claims_on(connection, [each.id for each in held])
        return withdraw(events, held, claims, file=file, now=now)

    def events(self) -> list[Event]:
        """Read every event, in the order of arrival."""
        query = select(EVENTS).order_by(EVENTS.c.seq)
        with transaction(self._engine, writes=False) as connection:
            return [event_from(row) for row in connection.execute(query)]

    def resolved(self) -> list[Resolved]:
        """Resolve every sentence, oldest judgement first."""
        return resolve(self.events())

    def about(self, items: Iterable[str]) -> list[Resolved]:
        """Resolve the sentences with these item ids."""
        with transaction(self._engine, writes=False) as connection:
            return resolved_items(connection, items)

    def about_texts(self, text_hashes: Iterable[str]) -> list[Resolved]:
        """Resolve these texts in every document in which they are known."""
        with transaction(self._engine, writes=False) as connection:
            return resolve(events_about(connection, text_hashes))

    def said_of(self, events: Sequence[Event]) -> list[Event]:
        """Read all that was said of the texts of these events, in the order of arrival."""
        with transaction(self._engine, writes=False) as connection:
            return events_about(connection, {each.text_hash for each in events})

    def page(
        self, *, after: int, limit: int, **which: Unpack[Which]
    ) -> tuple[list[Resolved], int | None]:
        """List up to `limit` sentences in the order they first came, and where to go on, or None.

        `after` is where the page before ended; 0 begins.
        """
        query = sentences_after(after, limit, which)
        with transaction(self._engine, writes=False) as connection:
            places = {row.item: row.first for row in connection.execute(query)}
            held = {each.item: each for each in resolved_items(connection, places)}
        more = len(places) == limit
        return [held[item] for item in places], max(places.values()) if more else None

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def open_store(location: str | Path) -> AnnotationStore:
    """Open the store at a path or `postgresql://` URL; an empty one is made where none is.

    Raises:
        StoreError: it cannot be opened, or was written by a newer version.
    """
    engine = open_database(location)
    with transaction(engine, writes=True) as connection:
        _one_writer(connection)
        fill_sentences(connection)
    return AnnotationStore(engine)


def _one_writer(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite has one anyway
        connection.exec_driver_sql("LOCK TABLE events IN EXCLUSIVE MODE")


def _spellings(connection: Connection, people: Iterable[str]) -> dict[str, set[str]]:
    spelt: defaultdict[str, set[str]] = defaultdict(set)
    query = select(EVENTS.c.person, EVENTS.c.annotator).distinct()
    for batch in in_batches(people):
        for row in connection.execute(query.where(EVENTS.c.person.in_(batch))):
            spelt[row.person].add(row.annotator)
    return spelt


def _end_leases(connection: Connection, events: Iterable[Event]) -> None:
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for each in events:
        texts[each.person].add(each.text_hash)
    for person, hashes in texts.items():
        for batch in in_batches(hashes):
            ended = (LEASES.c.person == person) & LEASES.c.text_hash.in_(batch)
            connection.execute(delete(LEASES).where(ended))
