"""The paths of annotations.

They are plain functions, which FastAPI runs on threads of their own: a database that waits does not
hold up anybody's scores.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from data.intake import SourceRow, take_in
from data.store import AnnotationStore, open_store
from serve.annotation_schemas import (
    AnnotationsPage,
    AnnotationsQuery,
    AnnotationsRequest,
    AnnotationsStored,
    ResolvedSentence,
    stored_response,
)
from serve.dependencies import CurrentLimits, require_json
from serve.errors import problem_responses


class StoreOnDemand:
    """Opens the store at its first use: a service that only scores needs no place to write."""

    def __init__(self, location: str) -> None:
        self._location, self._lock = location, Lock()
        self._store: AnnotationStore | None = None

    def __call__(self) -> AnnotationStore:
        """The store, opened once.

        Raises:
            StoreError: it cannot be opened; the next use tries again.
        """
        with self._lock:
            self._store = self._store or open_store(self._location)
            return self._store

    def close(self) -> None:
        """Close it if it was opened."""
        with self._lock:
            if self._store:
                self._store.close()
            self._store = None


def _store(request: Request) -> AnnotationStore:
    open_it: Callable[[], AnnotationStore] = request.app.state.annotations
    return open_it()


CurrentStore = Annotated[AnnotationStore, Depends(_store)]


def annotation_routes() -> APIRouter:
    """The routes of /v1/annotations."""
    api = APIRouter(prefix="/v1", tags=["annotations"])
    api.add_api_route(
        "/annotations",
        add_annotations,
        methods=["POST"],
        response_model=AnnotationsStored,
        dependencies=[Depends(require_json)],
        responses=problem_responses(400, 408, 413, 415, 422, 503),
    )
    api.add_api_route(
        "/annotations",
        list_annotations,
        methods=["GET"],
        response_model=AnnotationsPage,
        responses=problem_responses(422, 503),
    )
    return api


def add_annotations(
    body: AnnotationsRequest, request: Request, limits: CurrentLimits, store: CurrentStore
) -> AnnotationsStored:
    """Store judgements. They are on disk when the answer comes; a fault in any refuses all."""
    limits.check_sentences(len(body.annotations))
    rows = (SourceRow(number, row) for number, row in enumerate(body.annotations, 1))
    source = _source(request)
    intake = take_in(rows, file="annotations", now=datetime.now(UTC), source=source, dated=True)
    events = intake.taken(accept_valid=body.accept_valid)
    appended = store.append(events)
    items = list(dict.fromkeys(event.item for event in events))
    held = {each.item: each for each in store.about(items)}
    in_order = [held[item] for item in items if item in held]  # what was retracted is not held
    return stored_response(appended, intake.faults, in_order)


def _source(request: Request) -> str:
    """Of rows that name none: whose key brought them, as their annotators are what they claim."""
    key = request.state.facts.get("key")
    return f"api:{key}" if key else "api"


def list_annotations(
    query: Annotated[AnnotationsQuery, Query()], store: CurrentStore
) -> AnnotationsPage:
    """List sentences with what is held about them now."""
    held, after_that = store.page(**dict(query))
    return AnnotationsPage(sentences=[ResolvedSentence.of(each) for each in held], next=after_that)
