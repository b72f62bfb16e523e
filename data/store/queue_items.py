"""Make items of the queue from what each reason offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from data.judgements.event import Event
from data.judgements.resolve import Resolved
from data.store.offers import Asker
from data.store.pool import DRAWN_BELOW, Candidate
from data.store.store import AnnotationStore


class Reason(StrEnum):
    """Why a sentence is in the queue; `selected_by` of the judgements that answer it."""

    DISPUTED = "disputed"  # its annotators are divided, or contradict its adjudication
    SUSPECTED = "suspected"  # its labels are improbable to a model that never saw it
    UNCERTAIN = "uncertain"  # a probability is near its threshold
    OVERLAP = "overlap"  # to be labelled by more annotators than it is, to see how far they agree
    RETURNED = "returned"  # skipped by others, or retracted by all
    RANDOM = "random"  # drawn evenly from all


@dataclass(frozen=True)
class QueueItem:
    """One sentence of the queue.

    Attributes:
        readings: how many annotators may read it at the same time.
        suggestion: what a model said of it, if one scored it; not to be shown unasked.
    """

    item: str
    text_hash: str
    text: str
    doc: str | None
    n: int | None
    reason: Reason
    readings: int
    suggestion: Candidate | None


class Offered:
    """What the store's own sentences offer an asker, up to `limit` of each reason."""

    def __init__(self, store: AnnotationStore, asker: Asker, limit: int) -> None:
        self._store, self._asker, self._limit = store, asker, limit

    def disputed(self) -> list[QueueItem]:
        """Conflicts that the asker is not a party to."""
        found = self._store.offers.disputed(self._asker, self._limit)
        return self._judged(found, Reason.DISPUTED)

    def suspected(self) -> list[QueueItem]:
        """Labels that look wrong."""
        found = self._store.offers.suspected(self._asker, self._limit)
        return self._judged(found, Reason.SUSPECTED)

    def overlap(self) -> list[QueueItem]:
        """Sentences for another reading."""
        if self._asker.readings < 2:
            return []
        found = self._store.offers.overlap(self._asker, self._limit)
        return self._judged(found, Reason.OVERLAP)

    def returned(self) -> list[QueueItem]:
        """Sentences that others skipped, and those of which everything was retracted."""
        skipped = self._store.offers.skipped(self._asker, self._limit)
        retracted = self._store.offers.retracted(self._asker, self._limit)
        free = [_of_event(each, self._asker.readings) for each in retracted]
        return [*self._judged(skipped, Reason.RETURNED), *free]

    def unjudged(
        self, scored: Sequence[Candidate] | None
    ) -> tuple[list[Candidate], list[Candidate]]:
        """Scored sentences that nobody judged, as drawn at random, and the least sure first."""
        offers, limit = self._store.offers, self._limit
        if scored is None:
            return offers.at_random(self._asker, limit), offers.least_sure(self._asker, 2 * limit)
        given = {each.text_hash: each for each in scored}
        taken = offers.taken(self._asker, given)
        drawn = [given[each] for each in sorted(given) if each not in taken]
        unsure = [each for each in drawn if each.text_hash >= DRAWN_BELOW]
        return drawn[:limit], sorted(unsure, key=lambda each: (each.margin, each.text_hash))

    def _judged(self, held: Sequence[Resolved], reason: Reason) -> list[QueueItem]:
        said = self._store.candidates.scored(each.origin.text_hash for each in held)
        more = self._asker.readings if reason is Reason.OVERLAP else 1
        return [
            QueueItem(
                each.item,
                each.origin.text_hash,
                each.origin.text,
                each.origin.doc,
                each.origin.n,
                reason,
                max(1, more - len(each.votes)),
                said.get(each.origin.text_hash),
            )
            for each in held
        ]


def of_candidate(each: Candidate, reason: Reason, readings: int) -> QueueItem:
    """Make an item of a scored sentence."""
    return QueueItem(
        each.item, each.text_hash, each.text, each.doc, each.n, reason, readings, suggestion=each
    )


def _of_event(event: Event, readings: int) -> QueueItem:
    place = event.item, event.text_hash, event.text, event.doc, event.n
    return QueueItem(*place, Reason.RETURNED, readings, suggestion=None)
