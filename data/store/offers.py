"""Find the sentences that the queue may ask somebody about, reason by reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, and_, exists, func, or_, select

from data.judgements.event import Event
from data.judgements.event_checks import parse_time
from data.judgements.person import person_of
from data.judgements.resolve import Resolved, Status
from data.store.database import in_batches, transaction
from data.store.pool import DRAWN_BELOW, Candidate, candidate_from
from data.store.sentences import resolved_items
from data.store.tables import EVENTS, LEASES, SCORED, SENTENCES, SUSPECTS, event_from


@dataclass(frozen=True)
class Asker:
    """Who asks for sentences.

    Attributes:
        annotator: who will read them; None: nobody knows.
        readings: how many annotators are to label a sentence.
        now: of the clock, for leases.
    """

    annotator: str | None
    readings: int
    now: datetime

    @property
    def person(self) -> str | None:
        """The annotator, however the name is written."""
        return None if self.annotator is None else person_of(self.annotator)

    @property
    def others(self) -> list[ColumnElement[bool]]:
        """Which leases stand in the way: those of others that have not ended."""
        standing = [LEASES.c.until > parse_time(self.now.isoformat())]
        return standing if self.person is None else [*standing, LEASES.c.person != self.person]

    def leased(self, text_hash: ColumnElement[str]) -> ColumnElement[int]:
        """How many others have the text to read now."""
        own = select(func.count()).where(LEASES.c.text_hash == text_hash, *self.others)
        return own.scalar_subquery()

    def has(self, acts: Sequence[str]) -> ColumnElement[bool]:
        """Whether the asker did one of these with the sentence."""
        said = [EVENTS.c.text_hash == SENTENCES.c.text_hash, EVENTS.c.person == self.person]
        here = or_(EVENTS.c.doc.is_(None), EVENTS.c.doc == SENTENCES.c.doc)
        return exists().where(*said, here, EVENTS.c.act.in_(acts))


class Offers:
    """What each reason of the queue has; every method raises StoreError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def disputed(self, asker: Asker, limit: int) -> list[Resolved]:
        """Conflicts, and adjudications that somebody has since contradicted; not one's own."""
        open_ = or_(SENTENCES.c.status == str(Status.CONFLICT), SENTENCES.c.contested)
        query = select(SENTENCES.c.item).where(open_, asker.leased(SENTENCES.c.text_hash) == 0)
        if asker.person is not None:
            query = query.where(~asker.has(["label"]))
        return self._resolved(query.order_by(SENTENCES.c.first).limit(limit))

    def suspected(self, asker: Asker, limit: int) -> list[Resolved]:
        """Sentences whose labels look wrong, and that nobody judged anew since."""
        query = select(SUSPECTS.c.item, SUSPECTS.c.judgements)
        query = query.join(SENTENCES, SENTENCES.c.item == SUSPECTS.c.item)
        query = query.where(asker.leased(SENTENCES.c.text_hash) == 0)
        with transaction(self._engine, writes=False) as connection:
            rows = connection.execute(query.order_by(SUSPECTS.c.quality, SUSPECTS.c.item))
            judged = {row.item: row.judgements for row in rows}
            held = {each.item: each for each in resolved_items(connection, judged)}
        same = [held[i] for i, then in judged.items() if i in held and held[i].fingerprint == then]
        return [each for each in same if each.usable][:limit]

    def skipped(self, asker: Asker, limit: int) -> list[Resolved]:
        """Sentences that others could not decide."""
        query = select(SENTENCES.c.item).where(SENTENCES.c.status == str(Status.SKIPPED))
        query = query.where(asker.leased(SENTENCES.c.text_hash) == 0)
        if asker.person is not None:
            query = query.where(~asker.has(["skip"]))
        return self._resolved(query.order_by(SENTENCES.c.first).limit(limit))

    def retracted(self, asker: Asker, limit: int) -> list[Event]:
        """What was said last of texts of which nothing stands, and that nobody scored.

        Those that were scored are offered as such. What went with a withdrawn file is not asked
        about: it may have been the wrong file.
        """
        of = EVENTS.c.text_hash
        last = select(func.max(EVENTS.c.seq)).where(
            EVENTS.c.act == "retract", EVENTS.c.details.not_like('%"withdraws"%')
        )
        gone = ~exists().where(SENTENCES.c.text_hash == of)
        unscored = ~exists().where(SCORED.c.item == of)
        last = last.where(gone, unscored, asker.leased(of) < asker.readings).group_by(of)
        query = select(EVENTS).where(EVENTS.c.seq.in_(last)).order_by(of).limit(limit)
        with transaction(self._engine, writes=False) as connection:
            return [event_from(row) for row in connection.execute(query)]

    def overlap(self, asker: Asker, limit: int) -> list[Resolved]:
        """Sentences that fewer than `readings` have labelled, by hash: drawn evenly."""
        left = asker.readings - asker.leased(SENTENCES.c.text_hash)
        few = and_(SENTENCES.c.status == str(Status.AGREED), SENTENCES.c.readings < left)
        query = select(SENTENCES.c.item).where(few)
        if asker.person is not None:
            query = query.where(~asker.has(["label", "skip"]))
        return self._resolved(query.order_by(SENTENCES.c.text_hash).limit(limit))

    def least_sure(self, asker: Asker, limit: int) -> list[Candidate]:
        """Scored sentences that nobody judged, most in doubt first, without the fifth to draw."""
        query = _unjudged(asker).where(SCORED.c.item >= DRAWN_BELOW)
        return self._candidates(query.order_by(SCORED.c.margin, SCORED.c.item).limit(limit))

    def at_random(self, asker: Asker, limit: int) -> list[Candidate]:
        """Scored sentences that nobody judged, by hash: drawn evenly, the same until judged."""
        return self._candidates(_unjudged(asker).order_by(SCORED.c.item).limit(limit))

    def taken(self, asker: Asker, text_hashes: Iterable[str]) -> set[str]:
        """Find those of these texts that somebody judged, or that others are reading now."""
        found: set[str] = set()
        judged, leased = SENTENCES.c.text_hash, LEASES.c.text_hash
        with transaction(self._engine, writes=False) as connection:
            for batch in in_batches(text_hashes):
                found |= set(connection.scalars(select(judged).where(judged.in_(batch))))
                read = select(leased).where(leased.in_(batch), *asker.others)
                full = read.group_by(leased).having(func.count() >= asker.readings)
                found |= set(connection.scalars(full))
        return found

    def _resolved(self, query: Select[Any]) -> list[Resolved]:
        with transaction(self._engine, writes=False) as connection:
            items = list(connection.scalars(query))
            held = {each.item: each for each in resolved_items(connection, items)}
        return [held[item] for item in items]

    def _candidates(self, query: Select[Any]) -> list[Candidate]:
        with transaction(self._engine, writes=False) as connection:
            return [candidate_from(row) for row in connection.execute(query)]


def _unjudged(asker: Asker) -> Select[Any]:
    judged = exists().where(SENTENCES.c.text_hash == SCORED.c.item)
    return select(SCORED).where(~judged, asker.leased(SCORED.c.item) < asker.readings)
