"""Find what each annotator stands by: not replaced, not retracted, not withdrawn."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from data.judgements.event import Act, Event

Place = tuple[str | None, bool]  # the document, and whether it is an adjudication


def current_events(events: Iterable[Event]) -> list[Event]:
    """List what each annotator stands by, oldest first.

    A label or skip replaces the annotator's earlier label or skip of the sentence, an adjudication
    the earlier adjudication. A retraction withdraws both, in its document and where no document is
    named; without a document, in all of them. A retraction that names events withdraws only those,
    whenever they were. Acts of one moment count in the order in which they are given.
    """
    given = list(events)
    gone = withdrawn_ids(given)
    alive = [e for e in given if not e.withdraws and (e.person, e.id) not in gone]
    alive.sort(key=lambda each: each.at)
    standing: defaultdict[tuple[str, str], dict[Place, int]] = defaultdict(dict)
    for number, event in enumerate(alive):
        own = standing[event.text_hash, event.person]
        if event.act == Act.RETRACT:
            for place in [
                place for place in own if event.doc in (None, place[0]) or place[0] is None
            ]:
                del own[place]
        else:
            own[event.doc, event.act == Act.ADJUDICATE] = number
    return [
        alive[number] for number in sorted(n for own in standing.values() for n in own.values())
    ]


def withdrawn_ids(events: Iterable[Event]) -> set[tuple[str, str]]:
    """Find (person, id) of the events that their annotator's retractions name."""
    return {(each.person, id_) for each in events for id_ in each.withdraws}


def bearing_on(doc: str | None, said: Sequence[Event]) -> tuple[Event, ...]:
    """Pick what counts about one text in a document: of each person the newest, oldest first.

    That is what names the document and what names none; of one moment, what names it counts.
    """
    newest: dict[tuple[str, bool], Event] = {}
    about = [each for each in said if each.doc in (None, doc)]
    for event in sorted(about, key=lambda each: (each.at, each.doc is not None)):
        key = (event.person, event.act == Act.ADJUDICATE)
        newest.pop(key, None)  # so that what is put in again comes last
        newest[key] = event
    return tuple(newest.values())
