"""What a reader said of a statement's sentences before, from the annotation store."""

import asyncio
from collections.abc import Iterator, Mapping

from data.judgements.event import Act, Event
from data.judgements.person import person_of
from data.judgements.resolve import Resolved, Status
from data.store.deadline import set_deadline
from data.store.store import AnnotationStore
from model.errors import StoreError
from serve.page.view import OwnAnswer
from serve.service import Service

_PAGE = 1000


async def held_about(service: Service, doc: str) -> list[Resolved] | None:
    """What is held about the sentences of a document; None: the store cannot be read now."""

    def read() -> list[Resolved]:
        return list(_all_of(service.annotations(), doc))

    set_deadline(service.limits.seconds)
    try:
        return await asyncio.to_thread(read)
    except StoreError:
        return None


def own_answers(held: list[Resolved], annotator: str) -> Mapping[str, OwnAnswer]:
    """One's own standing answers, by hash of the text."""
    return {
        each.origin.text_hash: _answer(event, each)
        for each in held
        for event in own_events([each], annotator)
    }


def own_events(held: list[Resolved], annotator: str) -> list[Event]:
    """One's own standing labels and skips."""
    person = person_of(annotator)
    return [
        event
        for each in held
        for event in each.judgements
        if event.person == person and event.act in (Act.LABEL, Act.SKIP)
    ]


def _answer(event: Event, of: Resolved) -> OwnAnswer:
    labels = event.labels if event.act is Act.LABEL else None
    return OwnAnswer(labels, event.suggested_by, of.status is Status.CONFLICT)


def _all_of(store: AnnotationStore, doc: str) -> Iterator[Resolved]:
    after: int | None = 0
    while after is not None:
        held, after = store.page(after=after, limit=_PAGE, doc=doc)
        yield from held
