"""The routes of scoring: check the request, score it, build the response."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response

from model.stance import STANCES
from model.text.checks import check_text
from serve.api.dependencies import CurrentInference, CurrentLimits, require_json
from serve.api.model_schemas import ModelDescription, StanceDecision
from serve.api.problems import problem_responses
from serve.api.stance_schemas import ClassifyRequest, ClassifyResponse, classify_response
from serve.scoring.inference import Timing
from serve.scoring.limits import Limits, check_sentences
from serve.service import service_of
from serve.telemetry.request_record import record_of

_WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])")
_LONGEST_WAIT = 30.0


def stance_routes() -> APIRouter:
    """The routes /v1/classify and /v1/model."""
    api = APIRouter(prefix="/v1", tags=["stances"])
    api.add_api_route(
        "/classify",
        classify,
        methods=["POST"],
        response_model=ClassifyResponse,
        dependencies=[Depends(require_json)],
        responses=problem_responses(400, 408, 413, 415, 422, 500, 503, 504),
    )
    api.add_api_route(
        "/model",
        model,
        methods=["GET"],
        response_model=ModelDescription,
        responses=problem_responses(503),
    )
    return api


async def classify(
    body: ClassifyRequest,
    request: Request,
    response: Response,
    inference: CurrentInference,
    prefer: Annotated[str, Header(description="wait=5: seconds to wait, at most 30")] = "",
) -> ClassifyResponse:
    """Say which stances each sentence expresses."""
    service = service_of(request.app)
    limits = service.limits
    wait = _seconds_to_wait(prefer, limits)
    if body.is_text:
        limits.check_characters(len(body.text))
        check_text(body.text, name="text")
        result = await inference.classify(body.text, wait=wait)
        service.recorder.record(result, body.text)
    else:
        limits.check_sentences(len(body.sentences))
        limits.check_characters(sum(map(len, body.sentences)))
        check_sentences(body.sentences)
        result = await inference.classify_each(body.sentences, wait=wait)
        service.recorder.record(result)
    response.headers["Server-Timing"] = _server_timing(result.timing)
    record_of(request.scope).result = result
    return classify_response(result.manifest, result.scored)


def _seconds_to_wait(prefer: str, limits: Limits) -> float:
    asked = _WAIT.search(prefer)
    return min(float(asked.group(1)), _LONGEST_WAIT) if asked else limits.seconds


def _server_timing(timing: Timing) -> str:
    parts = {
        "split": timing.split,
        "tok": timing.tokenise,
        "queue": timing.wait,
        "infer": timing.infer,
    }
    return ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in parts.items())


async def model(limits: CurrentLimits, inference: CurrentInference) -> ModelDescription:
    """Describe the model in service: how it decides, and how well it did when it was evaluated."""
    manifest = inference.manifest
    decisions = {
        stance: StanceDecision.model_validate(decision, from_attributes=True)
        for stance, decision in zip(STANCES, manifest.decisions, strict=True)
    }
    return ModelDescription(
        version=manifest.version,
        labels=list(STANCES),
        engine=manifest.engine,
        base_model=manifest.provenance["base_model"],
        trained=manifest.provenance["started"],
        max_window=manifest.max_window,
        decisions=decisions,
        metrics=dict(manifest.metrics),
        limits={"characters": limits.characters, "sentences": limits.sentences},
    )
