"""The route of the annotation queue; a plain function, run on a thread as annotations are."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from data.judgements.event_checks import parse_time
from data.store.pool import Shown
from data.store.queue import ask
from serve.api.dependencies import CurrentStore, require_single_values
from serve.api.problems import problem_responses
from serve.api.queue_schemas import Queue, QueuedSentence, QueueQuery


def queue_routes() -> APIRouter:
    """The route /v1/queue."""
    api = APIRouter(prefix="/v1", tags=["annotations"])
    api.add_api_route(
        "/queue",
        queue,
        methods=["GET"],
        response_model=Queue,
        dependencies=[Depends(require_single_values)],
        responses=problem_responses(422, 503),
    )
    return api


def queue(query: Annotated[QueueQuery, Query()], store: CurrentStore) -> Queue:
    """List the sentences most worth annotating, each with the reason.

    Suggestions are recorded before they are shown: the store then sets `suggested_by` of judgements
    that may have followed one.
    """
    asked = ask(store, limit=query.limit, strategy=query.strategy)
    if query.suggestions:
        now = parse_time(datetime.now(UTC).isoformat())
        store.candidates.show(
            [
                Shown(each.item, each.suggestion.version, query.annotator, now)
                for each in asked
                if each.suggestion
            ]
        )
    return Queue(
        sentences=[QueuedSentence.of(each, suggestions=query.suggestions) for each in asked]
    )
