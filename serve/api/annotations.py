"""The routes of annotations.

They are plain functions, which FastAPI runs on threads: a slow database does not delay scoring.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from data.judgements.event import Event
from data.judgements.judgement_row import JUDGING
from data.judgements.person import person_of
from data.judgements.resolve import Resolved
from data.judgements.rows_to_events import SourceRow, parse_rows
from data.store.store import AnnotationStore
from serve.api.adjudication import without_parties
from serve.api.dependencies import (
    CurrentLimits,
    CurrentRecord,
    CurrentStore,
    require_json,
    require_single_values,
)
from serve.api.problems import problem_responses
from serve.api.schemas.annotations import (
    AnnotationsPage,
    AnnotationsQuery,
    AnnotationsRequest,
    AnnotationsStored,
    ResolvedSentence,
    stored_response,
)
from serve.api.schemas.field_limits import check_rows
from serve.refusals import Forbidden
from serve.telemetry.request_record import RequestRecord


def annotation_routes() -> APIRouter:
    """The routes of /v1/annotations."""
    api = APIRouter(prefix="/v1", tags=["annotations"])
    api.add_api_route(
        "/annotations",
        add_annotations,
        methods=["POST"],
        response_model=AnnotationsStored,
        dependencies=[Depends(require_json)],
        responses=problem_responses(400, 403, 408, 413, 415, 422, 503),
    )
    api.add_api_route(
        "/annotations",
        list_annotations,
        methods=["GET"],
        response_model=AnnotationsPage,
        dependencies=[Depends(require_single_values)],
        responses=problem_responses(422, 503),
    )
    return api


def add_annotations(
    body: AnnotationsRequest, record: CurrentRecord, limits: CurrentLimits, store: CurrentStore
) -> AnnotationsStored:
    """Store judgements. They are on disk when the answer comes; a fault in any rejects all."""
    source = _source(record)
    check_rows(body.annotations, limits, source=source)
    rows = (SourceRow(number, row) for number, row in enumerate(body.annotations, 1))
    intake = parse_rows(rows, file="annotations", now=datetime.now(UTC), source=source, dated=True)
    if not _may_decide_own(body, record):
        intake = without_parties(intake, store)
    events = _with_suggestions(intake.taken(accept_valid=body.accept_valid), store)
    appended = store.append(events)
    return stored_response(appended, intake.faults, _about(events, store))


def _may_decide_own(body: AnnotationsRequest, record: RequestRecord) -> bool:
    """Whether the lead lets the parties to a conflict adjudicate it.

    Raises:
        Forbidden: the request says so, and its key may not.
    """
    if record.key is None:
        return body.lead
    if body.lead and not record.adjudicates:
        raise Forbidden("lead needs a key with the scope adjudicate")
    return record.adjudicates


def _about(events: Sequence[Event], store: AnnotationStore) -> list[Resolved]:
    """What is held of the sentences judged; nothing, of one of which all was retracted."""
    held: defaultdict[str, list[Resolved]] = defaultdict(list)
    for each in store.about_texts({event.text_hash for event in events}):
        held[each.origin.text_hash].append(each)
    about = {
        each.item: each
        for event in events
        for each in held[event.text_hash]
        if event.doc in (None, each.origin.doc)
    }
    return list(about.values())


def _with_suggestions(events: Sequence[Event], store: AnnotationStore) -> list[Event]:
    """Set `suggested_by` where the queue had shown the annotator a model's suggestion before."""
    shown = store.candidates.shown({event.text_hash for event in events})
    seen = {(each.text_hash, each.annotator and person_of(each.annotator)): each for each in shown}
    marked = []
    for event in events:
        each = seen.get((event.text_hash, event.person)) or seen.get((event.text_hash, None))
        answers = each is not None and each.at <= event.at and event.act in JUDGING
        if each and answers and event.suggested_by is None:
            marked.append(replace(event, suggested_by=each.version))
        else:
            marked.append(event)
    return marked


def _source(record: RequestRecord) -> str:
    """The source of rows that name none: the key is known, `annotator` is only claimed."""
    return f"api:{record.key}" if record.key else "api"


def list_annotations(
    query: Annotated[AnnotationsQuery, Query()], store: CurrentStore
) -> AnnotationsPage:
    """List sentences with what is held about them now."""
    held, after_that = store.page(**dict(query))
    return AnnotationsPage(sentences=[ResolvedSentence.of(each) for each in held], next=after_that)
