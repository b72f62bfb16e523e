"""Hand sentences to one annotator at a time; what is not answered in time is free again."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, insert, select

from data.judgements.event_checks import parse_time
from data.judgements.person import person_of
from data.store.database import in_batches, transaction
from data.store.tables import LEASES


class Leases:
    """Who was given what to read, until when. Every method raises StoreError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(
        self, wanted: Mapping[str, int], annotator: str, *, now: datetime, minutes: float
    ) -> set[str]:
        """Lease texts to an annotator, or prolong the leases; return those that could be had.

        Args:
            wanted: hashes of texts, each with how many annotators may have it at a time.
            annotator: who is to read them.
            now: of the clock; leases that ended before it are forgotten.
            minutes: how long the annotator has them.
        """
        person, until = person_of(annotator), _time(now + timedelta(minutes=minutes))
        with transaction(self._engine, writes=True) as connection:
            if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
                connection.exec_driver_sql("LOCK TABLE leases IN EXCLUSIVE MODE")
            connection.execute(delete(LEASES).where(LEASES.c.until <= _time(now)))
            others: dict[str, int] = {}
            for batch in in_batches(wanted):
                query = select(LEASES.c.text_hash, func.count()).group_by(LEASES.c.text_hash)
                query = query.where(LEASES.c.text_hash.in_(batch), LEASES.c.person != person)
                others |= {row[0]: row[1] for row in connection.execute(query)}
                own = (LEASES.c.person == person) & LEASES.c.text_hash.in_(batch)
                connection.execute(delete(LEASES).where(own))
            granted = {each for each, places in wanted.items() if others.get(each, 0) < places}
            rows = [{"text_hash": each, "person": person, "until": until} for each in granted]
            if rows:
                connection.execute(insert(LEASES), rows)
        return granted

    def held(self, text_hashes: Iterable[str], *, now: datetime) -> set[tuple[str, str]]:
        """Find who has which of these texts now, as (text hash, person)."""
        found: set[tuple[str, str]] = set()
        with transaction(self._engine, writes=False) as connection:
            for batch in in_batches(text_hashes):
                query = select(LEASES.c.text_hash, LEASES.c.person)
                query = query.where(LEASES.c.text_hash.in_(batch), LEASES.c.until > _time(now))
                found |= {(row[0], row[1]) for row in connection.execute(query)}
        return found


def _time(moment: datetime) -> str:
    return parse_time(moment.isoformat())
