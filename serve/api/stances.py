"""The paths of scoring; no logic beyond calling what does the work."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from starlette.exceptions import HTTPException

from model.stance import STANCES
from model.text.checks import check_text
from serve.annotating.recorder import Keeper
from serve.api.dependencies import CurrentLimits, require_json
from serve.api.problems import problem_responses
from serve.api.stance_schemas import (
    ClassifyRequest,
    ClassifyResponse,
    ModelDescription,
    StanceDecision,
    classify_response,
)
from serve.scoring.inference import Inference, Timing
from serve.scoring.limits import Limits, check_sentences

_WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])")
_LONGEST_WAIT = 30.0


async def _inference(request: Request) -> Inference:
    inference: Inference | None = request.app.state.inference
    if inference is None:
        raise HTTPException(503)
    return inference


CurrentInference = Annotated[Inference, Depends(_inference)]


def api_routes() -> APIRouter:
    """The routes under /v1."""
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
    limits: CurrentLimits,
    inference: CurrentInference,
    prefer: Annotated[str, Header(description="wait=5: seconds to wait, at most 30")] = "",
) -> ClassifyResponse:
    """Say which stances each sentence expresses."""
    wait = _seconds_to_wait(prefer, limits)
    keeper: Keeper = request.app.state.keeper
    if body.is_text:
        limits.check_characters(len(body.text))
        check_text(body.text, name="text")
        answer = await inference.classify(body.text, wait=wait)
        keeper.offer(answer, body.text)
    else:
        limits.check_sentences(len(body.sentences))
        limits.check_characters(sum(map(len, body.sentences)))
        check_sentences(body.sentences)
        answer = await inference.classify_each(body.sentences, wait=wait)
        keeper.offer(answer)
    response.headers["Server-Timing"] = _server_timing(answer.timing)
    request.state.answer = answer  # serve.observe tells of it once it is sent
    return classify_response(answer.manifest, answer.scored)


def _seconds_to_wait(prefer: str, limits: Limits) -> float:
    asked = _WAIT.search(prefer)
    return min(float(asked.group(1)), _LONGEST_WAIT) if asked else limits.seconds


def _server_timing(timing: Timing) -> str:
    parts = {
        "split": timing.split,
        "tok": timing.tokenise,
        "queue": timing.queue,
        "infer": timing.infer,
    }
    return ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in parts.items())


async def model(limits: CurrentLimits, inference: CurrentInference) -> ModelDescription:
    """Describe the model in service: how it decides, and how good it was measured to be."""
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
