"""Sentences worth a human's time, each with the reason why it is asked about.

Most of a queue is what promises most: conflicts, labels that look wrong, sentences the model is
unsure of. But only sentences drawn evenly from all say without bias how good the model is on what
it is given, so every queue has some. They are a fifth of all sentences, by their hashes, and are
asked about for no other reason: if the doubtful among them went first, the rest would flatter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from data.judgements.resolve import Resolved, Status
from data.store.pool import DRAWN_BELOW, Candidate
from data.store.store import AnnotationStore

# With five places, a reason of a fifth is in every queue (see _deal); with fewer, not every one is.
MIN_LENGTH = 5


class Reason(StrEnum):
    """Why a sentence is in the queue; `selected_by` of the judgements that answer it."""

    DISPUTED = "disputed"  # its annotators are divided
    SUSPECTED = "suspected"  # its labels are improbable to a model that never saw it
    UNCERTAIN = "uncertain"  # a probability is near its threshold
    RANDOM = "random"  # drawn evenly from all


class Strategy(StrEnum):
    """What a queue is mostly made of."""

    MIXED = "mixed"
    DISPUTED = "disputed"
    SUSPECTED = "suspected"
    UNCERTAIN = "uncertain"
    RANDOM = "random"


_MIXED = {
    Reason.DISPUTED: 0.3,
    Reason.SUSPECTED: 0.2,
    Reason.UNCERTAIN: 0.3,
    Reason.RANDOM: 0.2,
}


@dataclass(frozen=True)
class Asked:
    """One sentence of the queue.

    Attributes:
        suggestion: what a model said of it, if one scored it; not to be shown unasked.
    """

    item: str
    text: str
    doc: str | None
    n: int | None
    reason: Reason
    suggestion: Candidate | None


def ask(
    store: AnnotationStore,
    *,
    limit: int,
    strategy: Strategy = Strategy.MIXED,
    scored: Sequence[Candidate] | None = None,
) -> list[Asked]:
    """The queue: up to `limit` sentences, conflicts first, the other reasons in turns.

    `scored` takes the place of what the service kept.

    Raises:
        StoreError: the store cannot be read.
    """
    shares = _shares(strategy)
    offers: dict[Reason, list[Asked]] = {}
    if Reason.DISPUTED in shares:
        conflicts, _ = store.page(after=0, limit=limit, status=Status.CONFLICT)
        offers[Reason.DISPUTED] = _judged(conflicts, Reason.DISPUTED, store)
    if Reason.SUSPECTED in shares:
        suspected = _suspected(store, limit)
        offers[Reason.SUSPECTED] = _judged(suspected, Reason.SUSPECTED, store)
    drawn, unsure = _unjudged(store, limit, scored)
    offers[Reason.RANDOM] = [_of(each, Reason.RANDOM) for each in drawn]
    if Reason.UNCERTAIN in shares:
        offers[Reason.UNCERTAIN] = [_of(each, Reason.UNCERTAIN) for each in unsure]
    dealt = _deal(offers, shares, limit)
    return sorted(dealt, key=lambda asked: asked.reason is not Reason.DISPUTED)


def _shares(strategy: Strategy) -> Mapping[Reason, float]:
    if strategy is Strategy.MIXED:
        return _MIXED
    random = _MIXED[Reason.RANDOM]
    return {Reason(strategy): 1 - random, Reason.RANDOM: random}


def _deal(
    offers: Mapping[Reason, Sequence[Asked]], shares: Mapping[Reason, float], limit: int
) -> list[Asked]:
    """Places to reasons by their shares (Sainte-Laguë); what one cannot fill, the others get."""
    taken = dict.fromkeys(offers, 0)
    dealt: dict[str, Asked] = {}
    while len(dealt) < limit:
        left = [reason for reason, offered in offers.items() if taken[reason] < len(offered)]
        if not left:
            break
        reason = min(left, key=lambda each: (2 * taken[each] + 1) / shares[each])
        asked = offers[reason][taken[reason]]
        taken[reason] += 1
        dealt.setdefault(asked.item, asked)
    return list(dealt.values())


def _suspected(store: AnnotationStore, limit: int) -> list[Resolved]:
    """Those that nobody judged anew since they became suspects."""
    suspects = {each.item: each for each in store.candidates.suspects()}
    held = {each.item: each for each in store.about(suspects)}
    return [
        held[item]
        for item, suspect in suspects.items()
        if item in held and held[item].usable and held[item].fingerprint == suspect.judgements
    ][:limit]


def _unjudged(
    store: AnnotationStore, limit: int, scored: Sequence[Candidate] | None
) -> tuple[list[Candidate], list[Candidate]]:
    """Drawn at random, and the least sure of those that are not to be drawn now."""
    if scored is None:
        drawn = store.candidates.at_random(limit)
        unsure = store.candidates.least_sure(2 * limit)
    else:
        judged = store.candidates.judged({each.item for each in scored})
        new = {each.item: each for each in scored if each.item not in judged}
        drawn = [new[item] for item in sorted(new)][:limit]
        unsure = [each for each in new.values() if each.item >= DRAWN_BELOW]
        unsure.sort(key=lambda each: (each.margin, each.item))
    # few sentences may have none that is reserved: then others are drawn
    now = {each.item for each in drawn[: ceil(_MIXED[Reason.RANDOM] * limit)]}
    return drawn, [each for each in unsure if each.item not in now][:limit]


def _judged(held: Sequence[Resolved], reason: Reason, store: AnnotationStore) -> list[Asked]:
    said = store.candidates.scored(each.item for each in held)
    return [
        Asked(
            each.item, each.origin.text, each.origin.doc, each.origin.n, reason, said.get(each.item)
        )
        for each in held
    ]


def _of(candidate: Candidate, reason: Reason) -> Asked:
    return Asked(candidate.item, candidate.text, candidate.doc, candidate.n, reason, candidate)
