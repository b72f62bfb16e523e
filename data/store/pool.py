"""Sentences that might be annotated: what was scored, what is suspected, what was suggested.

Nothing in here is an annotation: all of it may be dropped, and is rebuilt by serving and training.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Column, Connection, Engine, Row, Select, delete, insert, select

from data.annotation.annotation import item_of
from data.store.database import in_batches, transaction
from data.store.tables import EVENTS, SCORED, SHOWN, SUSPECTS
from model.stance import Stance

# Sentences whose hash begins below 0x33 of 0x100, a fifth, are only ever asked about at random.
DRAWN_BELOW = "33"


@dataclass(frozen=True)
class Candidate:
    """A sentence and what a model said of it.

    Attributes:
        doc, n: its document and place in it, if known.
        scores: the probability of each stance.
        margin: how far the probability nearest to its threshold is from it; 0 is least sure.
    """

    text: str
    doc: str | None
    n: int | None
    version: str
    labels: tuple[Stance, ...]
    scores: Mapping[Stance, float]
    margin: float

    @cached_property
    def item(self) -> str:
        """The sentence: sha256 of its normalised text."""
        return item_of(self.text)


@dataclass(frozen=True)
class Suspect:
    """A judged sentence whose labels a model that never saw it finds improbable.

    Attributes:
        judgements: the fingerprint of what was judged then; see data.resolve.Resolved.
        version: the model that finds it.
        quality: how probable the labels are to it, 0 to 1.
    """

    item: str
    judgements: str
    version: str
    quality: float


@dataclass(frozen=True)
class Shown:
    """A suggestion that was shown, to one annotator or to whoever asked."""

    item: str
    version: str
    annotator: str | None
    at: str


class Candidates:
    """What the queue is made of; safe to use from several threads and processes.

    Every method raises StoreError when the database cannot be used.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, candidates: Iterable[Candidate], *, limit: int) -> None:
        """Add what was scored, once a sentence, and drop the oldest beyond `limit`."""
        new = {each.item: each for each in candidates}
        with transaction(self._engine, writes=True) as connection:
            _one_writer(connection, SCORED.name)
            for batch in in_batches(new):
                connection.execute(delete(SCORED).where(SCORED.c.item.in_(batch)))
            if new:
                connection.execute(insert(SCORED), [_columns(each) for each in new.values()])
            newest = select(SCORED.c.seq).order_by(SCORED.c.seq.desc())
            last = connection.scalar(newest.offset(limit).limit(1))
            if last is not None:
                connection.execute(delete(SCORED).where(SCORED.c.seq <= last))

    def least_sure(self, limit: int) -> list[Candidate]:
        """The sentences nobody judged whose labels are most in doubt, without the fifth to draw."""
        query = _UNJUDGED.where(SCORED.c.item >= DRAWN_BELOW)
        return self._unjudged(query.order_by(SCORED.c.margin, SCORED.c.item).limit(limit))

    def at_random(self, limit: int) -> list[Candidate]:
        """Sentences nobody judged, by their hashes: drawn evenly, and the same until judged."""
        return self._unjudged(_UNJUDGED.order_by(SCORED.c.item).limit(limit))

    def scored(self, items: Iterable[str]) -> dict[str, Candidate]:
        """Those of these sentences that were scored, judged or not."""
        return {
            row.item: _candidate(row) for row in self._rows(select(SCORED), SCORED.c.item, items)
        }

    def judged(self, items: Iterable[str]) -> set[str]:
        """Those of these sentences that somebody ever said something about."""
        return {row.item for row in self._rows(select(EVENTS.c.item), EVENTS.c.item, items)}

    def suspect(self, examined: Iterable[str], found: Sequence[Suspect]) -> None:
        """Replace what is suspected about the sentences examined."""
        with transaction(self._engine, writes=True) as connection:
            _one_writer(connection, SUSPECTS.name)
            for batch in in_batches(examined):
                connection.execute(delete(SUSPECTS).where(SUSPECTS.c.item.in_(batch)))
            if found:
                connection.execute(insert(SUSPECTS), [vars(each) for each in found])

    def suspects(self) -> list[Suspect]:
        """Everything that was suspected, least probable labels first."""
        query = select(SUSPECTS).order_by(SUSPECTS.c.quality, SUSPECTS.c.item)
        with transaction(self._engine, writes=False) as connection:
            return [Suspect(**row._mapping) for row in connection.execute(query)]

    def show(self, shown: Sequence[Shown]) -> None:
        """Record suggestions, before they are shown."""
        if shown:
            with transaction(self._engine, writes=True) as connection:
                connection.execute(insert(SHOWN), [vars(each) for each in shown])

    def shown(self, items: Iterable[str]) -> list[Shown]:
        """The suggestions that were shown for these sentences, oldest first."""
        rows = self._rows(select(SHOWN).order_by(SHOWN.c.seq), SHOWN.c.item, items)
        return [Shown(row.item, row.version, row.annotator, row.at) for row in rows]

    def _unjudged(self, query: Select[Any]) -> list[Candidate]:
        with transaction(self._engine, writes=False) as connection:
            return [_candidate(row) for row in connection.execute(query)]

    def _rows(self, query: Select[Any], column: Column[str], items: Iterable[str]) -> list[Any]:
        with transaction(self._engine, writes=False) as connection:
            return [
                row
                for batch in in_batches(items)
                for row in connection.execute(query.where(column.in_(batch)))
            ]


_UNJUDGED = select(SCORED).where(~SCORED.c.item.in_(select(EVENTS.c.item)))
_AS_THEY_ARE = ("text", "doc", "n", "version", "margin")


def _one_writer(connection: Connection, table: str) -> None:
    if connection.dialect.name == "postgresql":  # SQLite has one anyway
        connection.exec_driver_sql(f"LOCK TABLE {table} IN EXCLUSIVE MODE")


def _columns(candidate: Candidate) -> Mapping[str, Any]:
    return {
        **{name: getattr(candidate, name) for name in ("item", *_AS_THEY_ARE)},
        "labels": json.dumps([str(label) for label in candidate.labels]),
        "scores": json.dumps({str(k): v for k, v in candidate.scores.items()}),
    }


def _candidate(row: Row[Any]) -> Candidate:
    return Candidate(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        labels=tuple(Stance(label) for label in json.loads(row.labels)),
        scores={Stance(k): v for k, v in json.loads(row.scores).items()},
    )
