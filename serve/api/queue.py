"""The routes of the annotation queue; plain functions, run on threads as annotations are."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError

from data.annotation.annotation import hash_of
from data.judgements.event_checks import parse_time
from data.judgements.person import person_of
from data.store import queue
from data.store.candidates.pool import ShownSuggestion
from data.store.queue_items import QueueItem
from data.store.store import AnnotationStore
from serve.api.dependencies import CurrentStore, require_json, require_single_values
from serve.api.problems import problem_responses
from serve.api.schemas.queue import (
    Queue,
    QueuedSentence,
    QueueQuery,
    QueueRequest,
    Revealed,
    RevealRequest,
    Suggestion,
)
from serve.refusals import NotAnswered


def queue_routes() -> APIRouter:
    """The routes of /v1/queue."""
    api = APIRouter(prefix="/v1", tags=["annotations"])
    api.add_api_route(
        "/queue",
        look,
        methods=["GET"],
        response_model=Queue,
        dependencies=[Depends(require_single_values), Depends(_refuse_suggestions)],
        responses=problem_responses(422, 503),
    )
    api.add_api_route(
        "/queue",
        hand_out,
        methods=["POST"],
        response_model=Queue,
        dependencies=[Depends(require_json)],
        responses=problem_responses(400, 408, 413, 415, 422, 503),
    )
    api.add_api_route(
        "/queue/reveal",
        reveal,
        methods=["POST"],
        response_model=Revealed,
        dependencies=[Depends(require_json)],
        responses=problem_responses(400, 408, 409, 413, 415, 422, 503),
    )
    return api


def look(query: Annotated[QueueQuery, Query()], store: CurrentStore) -> Queue:
    """List the sentences most worth annotating, each with the reason. Nothing changes."""
    asked = queue.ask(store, queue.Request(**dict(query)))
    sentences = [QueuedSentence.of(each, suggestions=False) for each in asked]
    return Queue(sentences=sentences, leased_until=None)


def hand_out(body: QueueRequest, store: CurrentStore) -> Queue:
    """Hand sentences out to read, for a time if an annotator is named.

    Suggestions are recorded before they are shown: the store then sets `suggested_by` of judgements
    that may have followed one.
    """
    now = datetime.now(UTC)
    request = queue.Request(**body.model_dump(exclude={"suggestions", "context"}))
    asked = queue.ask(store, request, now=now)
    if body.suggestions:
        _record_shown(asked, body.annotator, now, store)
    until = None
    if body.annotator is not None and body.lease_minutes is not None:
        until = parse_time((now + timedelta(minutes=body.lease_minutes)).isoformat())
    return Queue(sentences=_shown(asked, body, store), leased_until=until)


def _shown(
    asked: list[QueueItem], body: QueueRequest, store: AnnotationStore
) -> list[QueuedSentence]:
    """Make what is shown of each sentence, with what stood around it."""
    places = {each.item: (each.doc, each.n) for each in asked if each.doc and each.n is not None}
    around = store.neighbours.around(places.values(), body.context)
    nothing: tuple[list[str], list[str]] = ([], [])
    return [
        QueuedSentence.of(
            each,
            suggestions=body.suggestions,
            around=around.get(places[each.item], nothing) if each.item in places else nothing,
        )
        for each in asked
    ]


def reveal(body: RevealRequest, store: CurrentStore) -> Revealed:
    """Show what a model said of a sentence to somebody who has answered; this is recorded.

    Raises:
        NotAnswered: nothing of theirs stands about the sentence.
    """
    text_hash, person = hash_of(body.text), person_of(body.annotator)
    said = [e for each in store.about_texts([text_hash]) for e in each.judgements]
    if not any(each.person == person for each in said):
        raise NotAnswered("the model's answer is shown once yours is stored: answer first")
    found = store.candidates.scored([text_hash]).get(text_hash)
    if found:
        at = parse_time(datetime.now(UTC).isoformat())
        store.candidates.show([ShownSuggestion(text_hash, found.version, body.annotator, at)])
    return Revealed(suggestion=Suggestion.of(found))


def _record_shown(
    asked: list[QueueItem], annotator: str | None, now: datetime, store: AnnotationStore
) -> None:
    at = parse_time(now.isoformat())
    suggested = [(each.text_hash, each.suggestion) for each in asked if each.suggestion]
    store.candidates.show(
        [ShownSuggestion(text, said.version, annotator, at) for text, said in suggested]
    )


async def _refuse_suggestions(request: Request) -> None:
    """Say where suggestions are: that one was shown is recorded, and GET records nothing."""
    if "suggestions" in request.query_params:
        message = "suggestions are recorded when they are shown: ask for them by POST /v1/queue"
        fault = {"type": "use_post", "loc": ("query", "suggestions"), "msg": message, "input": None}
        raise RequestValidationError([fault])
