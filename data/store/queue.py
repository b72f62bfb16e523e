"""List sentences worth a human's time, each with the reason why it is asked about.

Most of a queue is what promises most: conflicts, labels that look wrong, sentences the model is
unsure of. But only sentences drawn evenly from all say without bias how good the model is on what
it is given, so every queue has some. They are a fifth of all sentences, by their hashes, and are
asked about for no other reason: if the doubtful among them went first, the rest would flatter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from math import ceil

from data.store.offers import Asker
from data.store.pool import Candidate
from data.store.queue_items import Offered, QueueItem, Reason, of_candidate
from data.store.store import AnnotationStore

# With five places, a reason of a fifth is in every queue (see _deal); with fewer, not every one is.
MIN_LENGTH = 5


class Strategy(StrEnum):
    """What a queue is mostly made of."""

    MIXED = "mixed"
    DISPUTED = "disputed"
    SUSPECTED = "suspected"
    UNCERTAIN = "uncertain"
    OVERLAP = "overlap"
    RANDOM = "random"


# of places, beside the fifth at random; what there is none of, the others get
_SHARES = {
    Reason.DISPUTED: 0.3,
    Reason.SUSPECTED: 0.2,
    Reason.UNCERTAIN: 0.3,
    Reason.OVERLAP: 0.2,
    Reason.RETURNED: 0.1,
}
_RANDOM = 0.2
_ATTEMPTS = 3  # at leases that others took between the look and the hand; then fewer are given


@dataclass(frozen=True)
class Request:
    """What is asked of the queue.

    Attributes:
        annotator: who will read the sentences: they are not the annotator's own, nor leased to
            anybody else.
        readings: how many annotators are to label a sentence.
        lease_minutes: how long they are the annotator's; None or no annotator: not at all.
    """

    limit: int
    strategy: Strategy = Strategy.MIXED
    annotator: str | None = None
    readings: int = 1
    lease_minutes: float | None = None


def ask(
    store: AnnotationStore,
    request: Request,
    *,
    scored: Sequence[Candidate] | None = None,
    now: datetime | None = None,
) -> list[QueueItem]:
    """List up to `request.limit` sentences, conflicts first, the other reasons in turns.

    `scored` takes the place of what the service kept; `now` is of the clock.

    Raises:
        StoreError: the store cannot be used.
    """
    now = now or datetime.now(UTC)
    items = _queue(store, request, scored, now)
    if request.annotator is None or request.lease_minutes is None:
        return items
    for _ in range(_ATTEMPTS):
        wanted = {each.text_hash: each.readings for each in items}
        minutes = request.lease_minutes
        granted = store.leases.take(wanted, request.annotator, now=now, minutes=minutes)
        if len(granted) == len(wanted):
            break
        # somebody took some in between: they are left out now
        items = _queue(store, request, scored, now)
    return [each for each in items if each.text_hash in granted]


def _queue(
    store: AnnotationStore, request: Request, scored: Sequence[Candidate] | None, now: datetime
) -> list[QueueItem]:
    shares = _shares(request)
    asker = Asker(request.annotator, _readings(request), now)
    offered = Offered(store, asker, request.limit)
    drawn, unsure = offered.unjudged(scored)
    # few sentences may have none of the fifth that is reserved: then others are drawn
    first = {each.text_hash for each in drawn[: ceil(_RANDOM * request.limit)]}
    unsure = [each for each in unsure if each.text_hash not in first][: request.limit]
    offers: Mapping[Reason, Callable[[], Sequence[QueueItem]]] = {
        Reason.DISPUTED: offered.disputed,
        Reason.SUSPECTED: offered.suspected,
        Reason.UNCERTAIN: lambda: _scored(unsure, Reason.UNCERTAIN, asker),
        Reason.OVERLAP: offered.overlap,
        Reason.RETURNED: offered.returned,
        Reason.RANDOM: lambda: _scored(drawn, Reason.RANDOM, asker),
    }
    dealt = _deal({reason: offers[reason]() for reason in shares}, shares, request.limit)
    return sorted(dealt, key=lambda each: each.reason is not Reason.DISPUTED)


def _scored(candidates: Sequence[Candidate], reason: Reason, asker: Asker) -> list[QueueItem]:
    return [of_candidate(each, reason, asker.readings) for each in candidates]


def _readings(request: Request) -> int:
    return max(request.readings, 2 if request.strategy is Strategy.OVERLAP else 1)


def _shares(request: Request) -> Mapping[Reason, float]:
    if request.strategy is Strategy.MIXED:
        shares = {r: s for r, s in _SHARES.items() if r != Reason.OVERLAP or request.readings > 1}
    elif request.strategy is Strategy.RANDOM:
        shares = {}
    else:
        shares = {Reason(request.strategy): 1 - _RANDOM}
    rest = sum(shares.values()) or 1
    return {**shares, Reason.RANDOM: rest * _RANDOM / (1 - _RANDOM)}


def _deal(
    offers: Mapping[Reason, Sequence[QueueItem]], shares: Mapping[Reason, float], limit: int
) -> list[QueueItem]:
    """Deal places to reasons by their shares (Sainte-Laguë); what one cannot fill, others get."""
    taken = dict.fromkeys(offers, 0)
    dealt: dict[str, QueueItem] = {}
    while len(dealt) < limit:
        left = [reason for reason, offered in offers.items() if taken[reason] < len(offered)]
        if not left:
            break
        reason = min(left, key=lambda each: (2 * taken[each] + 1) / shares[each])
        item = offers[reason][taken[reason]]
        taken[reason] += 1
        dealt.setdefault(item.item, item)
    return list(dealt.values())
