"""Keep sentences that might be annotated: what was scored, what is suspected, what was suggested.

Nothing in here is an annotation: all of it may be dropped, and is rebuilt by serving and training.
A scored sentence is known by its words alone, so that a formula is asked about once.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Column, Connection, Engine, Row, Select, delete, insert, select

from data.annotation.annotation import hash_of, item_of
from data.store.database import in_batches, transaction
from data.store.tables import SCORED, SHOWN, SUSPECTS
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
    def text_hash(self) -> str:
        """The sentence's words: sha256 of the normalised text."""
        return hash_of(self.text)

    @property
    def item(self) -> str:
        """The sentence: its words in its document, if that is known."""
        return item_of(self.text_hash, self.doc)


@dataclass(frozen=True)
class Suspect:
    """A judged sentence whose labels a model that never saw it finds improbable.

    Attributes:
        judgements: the fingerprint of what was judged then; see data.judgements.resolve.Resolved.
        version: the model that finds it.
        quality: how probable the labels are to it, 0 to 1.
    """

    item: str
    judgements: str
    version: str
    quality: float


@dataclass(frozen=True)
class ShownSuggestion:
    """A suggestion that was shown, to one annotator or to whoever asked.

    Attributes:
        text_hash: of the sentence, in whatever document it is answered.
    """

    text_hash: str
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
        new = {each.text_hash: each for each in candidates}
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

    def scored(self, text_hashes: Iterable[str]) -> dict[str, Candidate]:
        """Find those of these texts that were scored, judged or not."""
        rows = self._rows(select(SCORED), SCORED.c.item, text_hashes)
        return {row.item: candidate_from(row) for row in rows}

    def suspect(self, examined: Iterable[str], found: Sequence[Suspect]) -> None:
        """Replace what is suspected about the sentences examined."""
        with transaction(self._engine, writes=True) as connection:
            _one_writer(connection, SUSPECTS.name)
            for batch in in_batches(examined):
                connection.execute(delete(SUSPECTS).where(SUSPECTS.c.item.in_(batch)))
            if found:
                connection.execute(insert(SUSPECTS), [vars(each) for each in found])

    def suspects(self) -> list[Suspect]:
        """List everything that was suspected, least probable labels first."""
        query = select(SUSPECTS).order_by(SUSPECTS.c.quality, SUSPECTS.c.item)
        with transaction(self._engine, writes=False) as connection:
            return [Suspect(**row._mapping) for row in connection.execute(query)]

    def show(self, shown: Sequence[ShownSuggestion]) -> None:
        """Record suggestions, before they are shown."""
        if shown:
            with transaction(self._engine, writes=True) as connection:
                connection.execute(insert(SHOWN), [_shown_columns(each) for each in shown])

    def shown(self, text_hashes: Iterable[str]) -> list[ShownSuggestion]:
        """List the suggestions that were shown for these texts, oldest first."""
        rows = self._rows(select(SHOWN).order_by(SHOWN.c.seq), SHOWN.c.item, text_hashes)
        return [ShownSuggestion(row.item, row.version, row.annotator, row.at) for row in rows]

    def _rows(self, query: Select[Any], column: Column[str], items: Iterable[str]) -> list[Any]:
        with transaction(self._engine, writes=False) as connection:
            return [
                row
                for batch in in_batches(items)
                for row in connection.execute(query.where(column.in_(batch)))
            ]


_AS_THEY_ARE = ("text", "doc", "n", "version", "margin")


def _one_writer(connection: Connection, table: str) -> None:
    if connection.dialect.name == "postgresql":  # SQLite has one anyway
        connection.exec_driver_sql(f"LOCK TABLE {table} IN EXCLUSIVE MODE")


def _columns(candidate: Candidate) -> Mapping[str, Any]:
    return {
        **{name: getattr(candidate, name) for name in _AS_THEY_ARE},
        "item": candidate.text_hash,
        "labels": json.dumps([str(label) for label in candidate.labels]),
        "scores": json.dumps({str(k): v for k, v in candidate.scores.items()}),
    }


def _shown_columns(shown: ShownSuggestion) -> Mapping[str, Any]:
    names = ("version", "annotator", "at")
    return {"item": shown.text_hash, **{name: getattr(shown, name) for name in names}}


def candidate_from(row: Row[Any]) -> Candidate:
    """Make the candidate that was kept."""
    return Candidate(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        labels=tuple(Stance(label) for label in json.loads(row.labels)),
        scores={Stance(k): v for k, v in json.loads(row.scores).items()},
    )
