"""Say who may decide a conflict: somebody who is not a party to it."""

from collections.abc import Iterable

from data.judgements.event import Act, Event
from data.judgements.resolve import Resolved


def is_party(event: Event, sentences: Iterable[Resolved]) -> bool:
    """Whether an adjudication is by somebody whose own label is one of those that differ.

    `sentences` are resolved with the adjudication among their events.
    """
    if event.act != Act.ADJUDICATE:
        return False
    return any(
        len({vote.labels for vote in each.votes}) > 1
        and event.person in {vote.person for vote in each.votes}
        for each in sentences
        if each.origin.text_hash == event.text_hash and event.doc in (None, each.origin.doc)
    )
