"""Say who may decide a conflict: somebody who is not a party to it."""

from collections.abc import Sequence

from data.judgements.event import Act, Event
from data.judgements.resolve import Resolved, resolve


def parties_among(final: Sequence[Event], events: Sequence[Event]) -> list[Event]:
    """List the adjudications by somebody who gave one of the labels that differ.

    A label that its annotator has taken back, replaced by a skip or another label, or that was
    withdrawn with a file, was given all the same: else whoever lost could step back, decide, and
    vote again. Labels of others count while they stand.

    Args:
        final: adjudications.
        events: all events about their texts, these among them.
    """
    sentences = resolve(events) if final else []
    return [each for each in final if _is_party(each, sentences, events)]


def _is_party(final: Event, sentences: Sequence[Resolved], events: Sequence[Event]) -> bool:
    return any(
        own.labels != vote.labels
        for sentence in sentences
        if sentence.origin.text_hash == final.text_hash and final.doc in (None, sentence.origin.doc)
        for vote in sentence.votes
        if vote.person != final.person
        for own in events
        if own.act == Act.LABEL
        and (own.person, own.text_hash) == (final.person, final.text_hash)
        and own.doc in (None, sentence.origin.doc)
    )
