"""The table of sentences: what the events say of each now, so that lists need no look at all."""

from collections.abc import Iterable, Iterator
from typing import Any, TypedDict

from sqlalchemy import Connection, Row, Select, delete, exists, insert, or_, select

from data.judgements.event import Event
from data.judgements.person import person_of
from data.judgements.resolve import Resolved, Status, resolve
from data.store.database import in_batches
from data.store.tables import EVENTS, SENTENCES, event_from

_IN_ORDER = select(EVENTS).order_by(EVENTS.c.seq)


class Which(TypedDict, total=False):
    """Which sentences to list; what is None or absent does not restrict them.

    `contested` are those that somebody has labelled otherwise after their adjudication, `annotator`
    leaves those that they judged.
    """

    doc: str | None
    item: str | None
    annotator: str | None
    status: Status | None
    contested: bool | None


def events_about(connection: Connection, text_hashes: Iterable[str]) -> list[Event]:
    """Read the events of texts, in the order of arrival within a text."""
    return [event_from(row) for row in _rows_about(connection, text_hashes)]


def resolved_items(connection: Connection, items: Iterable[str]) -> list[Resolved]:
    """Resolve these sentences; those that nobody stands by anything about are left out."""
    wanted = set(items)
    texts = {
        text_hash
        for batch in in_batches(wanted)
        for text_hash in connection.scalars(
            select(SENTENCES.c.text_hash).where(SENTENCES.c.item.in_(batch))
        )
    }
    return [each for each in resolve(events_about(connection, texts)) if each.item in wanted]


def refresh_sentences(connection: Connection, text_hashes: Iterable[str]) -> None:
    """Bring the table up to date with the events of these texts."""
    for batch in in_batches(set(text_hashes)):
        first: dict[str, int] = {}
        events = []
        for row in _rows_about(connection, batch):
            first.setdefault(row.item, row.seq)
            events.append(event_from(row))
        connection.execute(delete(SENTENCES).where(SENTENCES.c.text_hash.in_(batch)))
        if rows := [_columns(each, first[each.item]) for each in resolve(events)]:
            connection.execute(insert(SENTENCES), rows)


def fill_sentences(connection: Connection) -> None:
    """Make the table from all events, where a migration has left it empty."""
    if connection.scalar(select(SENTENCES.c.item).limit(1)) is None:
        refresh_sentences(connection, connection.scalars(select(EVENTS.c.text_hash).distinct()))


def sentences_after(after: int, limit: int, which: Which) -> Select[Any]:
    """Select the next sentences in the order they first came."""
    annotator = which.get("annotator")
    chosen = [
        SENTENCES.c[name] == value
        for name, value in which.items()
        if value is not None and name != "annotator"
    ]
    if annotator is not None:
        said = [
            EVENTS.c.text_hash == SENTENCES.c.text_hash,
            EVENTS.c.person == person_of(annotator),
        ]
        here = or_(EVENTS.c.doc.is_(None), EVENTS.c.doc == SENTENCES.c.doc)
        chosen.append(exists().where(*said, here, EVENTS.c.act != "retract"))
    query = select(SENTENCES).where(SENTENCES.c.first > after, *chosen)
    return query.order_by(SENTENCES.c.first).limit(limit)


def _rows_about(connection: Connection, text_hashes: Iterable[str]) -> Iterator[Row[Any]]:
    for batch in in_batches(text_hashes):
        yield from connection.execute(_IN_ORDER.where(EVENTS.c.text_hash.in_(batch)))


def _columns(resolved: Resolved, first: int) -> dict[str, Any]:
    origin = resolved.origin
    return {
        "item": resolved.item,
        "text_hash": origin.text_hash,
        "doc": origin.doc,
        "first": first,
        "status": str(resolved.status),
        "readings": len(resolved.votes),
        "contested": bool(resolved.contrary),
    }
