"""The routes of scoring: check the request, score it, build the response."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from model.text.checks import check_text
from serve.api.classify_body import REQUEST_BODY, ClassifyBody, read_body
from serve.api.classify_lines import NDJSON, streamed
from serve.api.dependencies import CurrentInference, CurrentLimits
from serve.api.problems import problem_responses
from serve.api.schemas.classify_request import (
    LAYOUT,
    WHOLE_QUOTATIONS,
    LayoutName,
    reading_of,
)
from serve.api.schemas.field_limits import check_items
from serve.api.schemas.models import ModelDescription, described
from serve.api.schemas.stances import ClassifyResponse, classify_response
from serve.api.spans import check_spans
from serve.scoring.inference import Inference
from serve.scoring.limits import Limits, check_sentences
from serve.scoring.result import ScoringResult
from serve.service import service_of
from serve.telemetry.request_record import record_of

_WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])")
_LONGEST_WAIT = 30.0
_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The stances of every sentence; as lines, if Accept asks for "
        f"{NDJSON}: the model, each sentence as it is scored, the summary",
        "content": {NDJSON: {"schema": {"type": "string"}}},
    }
}


def stance_routes() -> APIRouter:
    """The routes /v1/classify and /v1/model."""
    api = APIRouter(prefix="/v1", tags=["stances"])
    api.add_api_route(
        "/classify",
        classify,
        methods=["POST"],
        response_model=ClassifyResponse,
        response_model_exclude_none=True,
        responses=_STREAMED | problem_responses(400, 408, 413, 415, 422, 500, 503, 504),
        openapi_extra={"requestBody": dict(REQUEST_BODY)},
    )
    api.add_api_route(
        "/model",
        model,
        methods=["GET"],
        response_model=ModelDescription,
        responses=problem_responses(503),
    )
    return api


@dataclass(frozen=True)
class Wanted:
    """What the headers and the query say of the answer.

    Attributes:
        wait: seconds in which it must come.
        lines: whether it is to come in lines, each as soon as it is known.
    """

    layout: LayoutName | None
    whole_quotations: bool
    wait: float
    lines: bool


async def _wanted(
    limits: CurrentLimits,
    layout: Annotated[
        LayoutName | None, Query(description=f"{LAYOUT}; a JSON body may say it itself")
    ] = None,
    whole_quotations: Annotated[bool, Query(description=WHOLE_QUOTATIONS)] = False,
    prefer: Annotated[str, Header(description="wait=5: seconds to wait, at most 30")] = "",
    accept: Annotated[str, Header(description=f"{NDJSON}: sentences as they are scored")] = "",
) -> Wanted:
    return Wanted(layout, whole_quotations, _seconds_to_wait(prefer, limits), NDJSON in accept)


async def classify(
    request: Request,
    response: Response,
    inference: CurrentInference,
    body: Annotated[ClassifyBody, Depends(read_body)],
    wanted: Annotated[Wanted, Depends(_wanted)],
) -> Any:  # noqa: ANN401 - a ClassifyResponse, or lines of it
    """Say which stances each sentence expresses."""
    service, sent = service_of(request.app), body.request
    if not sent.is_text:
        result = await _each(sent.sentences, inference, service.limits, wanted.wait)
        service.recorder.record(result)
        return _answer(request, response, body, result)
    service.limits.check_characters(len(sent.text))
    check_text(sent.text, name="text")
    check_spans(sent.spans, service.limits)
    reading = reading_of(sent, wanted.layout, whole_quotations=wanted.whole_quotations)
    if wanted.lines:
        parts = inference.stream(sent.text, reading, wait=wanted.wait)
        return await streamed(request, body, parts)
    result = await inference.classify(sent.text, reading, wait=wanted.wait)
    service.recorder.record(result, sent.text)
    return _answer(request, response, body, result)


async def _each(
    sentences: list[str], inference: Inference, limits: Limits, wait: float
) -> ScoringResult:
    check_items(sentences, limits)
    limits.check_characters(sum(map(len, sentences)))
    check_sentences(sentences)
    return await inference.classify_each(sentences, wait=wait)


def _answer(
    request: Request, response: Response, body: ClassifyBody, result: ScoringResult
) -> ClassifyResponse:
    response.headers["Server-Timing"] = _server_timing(result)
    record_of(request.scope).result = result
    return classify_response(result, text=body.page_text, left_out=body.left_out)


def _seconds_to_wait(prefer: str, limits: Limits) -> float:
    asked = _WAIT.search(prefer)
    return min(float(asked.group(1)), _LONGEST_WAIT) if asked else limits.seconds


def _server_timing(result: ScoringResult) -> str:
    timing, twice = result.timing, result.asked_twice
    parts = {
        "split": timing.split,
        "tok": timing.tokenise,
        "queue": timing.wait,
        "infer": timing.infer,
    }
    told = [f"{name};dur={seconds * 1000:.1f}" for name, seconds in parts.items()]
    if twice is not None:
        asked = f'desc="{twice} of {len(result.scored)} asked twice"'
        told.append(f"second;dur={timing.second * 1000:.1f};{asked}")
    return ", ".join(told)


async def model(limits: CurrentLimits, inference: CurrentInference) -> ModelDescription:
    """Describe the model in service: how it decides, and how well it did when it was evaluated."""
    return described(inference.manifest, inference.classifier.effort, limits)
