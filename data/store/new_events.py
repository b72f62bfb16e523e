"""Decide what of the events that arrive is new, and say what else should be known of them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from data.judgements.adjudication import parties_among
from data.judgements.event import Act, Event
from data.judgements.standing import current_events, withdrawn_ids
from data.store.location import UNNAMED

_EXAMPLES = 5


@dataclass(frozen=True)
class Arrival:
    """Events beside those that are there about the same texts.

    Attributes:
        new: what to store.
        known: what is there, and stands or was replaced by its annotator.
        known_as: each of these, with every stored event that it is.
        restored: how many of the new ones were withdrawn with a file, and come back.
        replaced: how many of the new ones differ from an answer of the same annotator and moment.
    """

    new: list[Event]
    known: list[Event]
    restored: int
    replaced: int
    known_as: list[tuple[Event, Event]]


def sift(events: Sequence[Event], held: Sequence[Event]) -> Arrival:
    """Find what is new.

    An event is known if its annotator said the same at the same time; one that came without a time,
    if the same was ever said, so that importing a file again changes nothing; one with the time of
    its task, if it is what the annotator stands by. What was withdrawn
    with a file is as if it had never been said: the file may come back.
    """
    copies: defaultdict[str, list[Event]] = defaultdict(list)
    for each in held:
        copies[each.content].append(each)
    gone = withdrawn_ids(held)
    standing = {e.id for e in current_events(held)} if any(e.of_task for e in events) else set()
    new: dict[str, Event] = {}
    known: list[Event] = []
    known_as: list[tuple[Event, Event]] = []
    restored = 0
    for event in events:
        same = [e for e in copies[event.content] if _is_same(event, e, standing)]
        alive = [each for each in same if (each.person, each.id) not in gone]
        if not same:
            new.setdefault(event.id, event)
        elif not alive:
            again = _again(event, same, held)
            restored += again.id not in new
            new.setdefault(again.id, again)
        else:
            known.append(event)
            known_as += [(event, each) for each in alive]
    replaced = _replaced(new.values(), held)
    return Arrival(list(new.values()), known, restored, replaced, known_as)


def _is_same(event: Event, held: Event, standing: set[str]) -> bool:
    """Whether what was said before, in the same words, is this event.

    One dated by its task is what its annotator stands by: the task may have changed elsewhere.
    """
    if not event.dated or held.at == event.at:
        return True
    return event.of_task and held.id in standing


def count_outdated(known: Sequence[Event], events: Sequence[Event], held: Sequence[Event]) -> int:
    """Count the known events whose annotator has since said otherwise, and not in this file."""
    if not known:
        return 0
    standing: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for each in current_events(held):
        standing[each.text_hash, each.person].add(each.content)
    given = {each.content for each in events}
    return sum(
        each.content not in standing[each.text_hash, each.person]
        and not standing[each.text_hash, each.person] & given
        for each in known
    )


def arrival_notes(
    events: Sequence[Event], arrival: Arrival, held: Sequence[Event], spelt: Mapping[str, set[str]]
) -> Iterator[str]:
    """Say what is not as whoever sent the events may think.

    `spelt` has every way in which the name of a person is written in the store.
    """
    written = {e.written: e.annotator for e in events if e.written not in (None, e.annotator)}
    yield from _few(f"annotator {got!r} is kept as {kept!r}" for got, kept in written.items())
    several = [sorted(names) for names in spelt.values() if len(names) > 1]
    yield from _few(f"{', '.join(map(repr, names))} count as one annotator" for names in several)
    unnamed = {each.annotator for each in events if each.annotator.startswith(f"{UNNAMED}-")}
    yield from _few(
        f"rows that name no annotator are kept as {name!r}, one for each file: ANNOTATOR= says who"
        for name in sorted(unnamed)
    )
    if arrival.restored:
        yield f"{arrival.restored:,} that were withdrawn are back"
    if arrival.replaced:
        yield (
            f"{arrival.replaced:,} differ from what the same annotator said at the same time: "
            "the one that came last holds"
        )
    final = [each for each in arrival.new if each.act == Act.ADJUDICATE]
    if parties := len(parties_among(final, [*held, *arrival.new])):
        yield f"{parties:,} adjudications are by somebody who is a party to the conflict"


def _again(event: Event, same: Sequence[Event], held: Sequence[Event]) -> Event:
    """The event with an id of its own, beside the one that was withdrawn."""
    if not event.dated:
        return event
    named = {each.id for each in same}
    why = sorted(each.id for each in held if named & set(each.withdraws))
    restores = hashlib.sha256("".join(why).encode()).hexdigest()
    return replace(event, details={**event.details, "restores": restores})


def _replaced(new: Iterable[Event], held: Sequence[Event]) -> int:
    gone = withdrawn_ids(held)
    said = defaultdict(set)
    for each in held:
        if (each.person, each.id) not in gone:
            said[_moment(each)].add(each.content)
    return sum(bool(said[_moment(each)] - {each.content}) for each in new)


def _moment(event: Event) -> tuple[object, ...]:
    return event.item, event.person, event.act == Act.ADJUDICATE, event.at


def _few(notes: Iterable[str]) -> Iterator[str]:
    listed = list(notes)
    yield from listed[:_EXAMPLES]
    if len(listed) > _EXAMPLES:
        yield f"… and {len(listed) - _EXAMPLES:,} more of this kind"
