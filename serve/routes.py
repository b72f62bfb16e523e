"""The paths of the service; no logic beyond calling what does the work."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from model.stance import STANCES
from serve.errors import problem_responses
from serve.inference import InferenceThread
from serve.limits import Limits, check_sentences, check_text
from serve.schemas import (
    ClassifyRequest,
    ClassifyResponse,
    Health,
    ModelDescription,
    StanceDecision,
    classify_response,
)


def require_json(request: Request) -> None:
    """Refuse a body that does not say it is JSON."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise HTTPException(415)


def _limits(request: Request) -> Limits:
    limits: Limits = request.app.state.limits
    return limits


def _inference(request: Request) -> InferenceThread:
    inference: InferenceThread | None = request.app.state.inference
    if inference is None:
        raise HTTPException(503)
    return inference


CurrentLimits = Annotated[Limits, Depends(_limits)]
CurrentInference = Annotated[InferenceThread, Depends(_inference)]


def api_routes() -> APIRouter:
    """The routes under /v1."""
    api = APIRouter(prefix="/v1", tags=["stances"])
    api.add_api_route(
        "/classify",
        classify,
        methods=["POST"],
        response_model=ClassifyResponse,
        dependencies=[Depends(require_json)],
        responses=problem_responses(400, 413, 415, 422, 500, 503),
    )
    api.add_api_route(
        "/model",
        model,
        methods=["GET"],
        response_model=ModelDescription,
        responses=problem_responses(503),
    )
    return api


def plain_routes() -> APIRouter:
    """Probes, and the way from / to the documentation."""
    plain = APIRouter(tags=["probes"])
    plain.add_api_route("/livez", livez, methods=["GET"], response_model=Health)
    plain.add_api_route(
        "/readyz", readyz, methods=["GET"], response_model=Health, responses=problem_responses(503)
    )
    plain.add_api_route("/", root, methods=["GET"], include_in_schema=False)
    return plain


async def classify(
    request: ClassifyRequest, limits: CurrentLimits, inference: CurrentInference
) -> ClassifyResponse:
    """Say which stances each sentence expresses."""
    if request.is_text:
        limits.check_characters(len(request.text))
        check_text(request.text, name="text")
        scored = await inference.classify(request.text)
    else:
        limits.check_sentences(len(request.sentences))
        limits.check_characters(sum(map(len, request.sentences)))
        check_sentences(request.sentences)
        scored = await inference.classify_each(request.sentences)
    return classify_response(inference.classifier.manifest, scored)


async def model(limits: CurrentLimits, inference: CurrentInference) -> ModelDescription:
    """Describe the model in service: how it decides, and how good it was measured to be."""
    manifest = inference.classifier.manifest
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


async def livez() -> Health:
    """Answer while the process runs."""
    return Health(status="live")


async def readyz(_: CurrentInference) -> Health:
    """Answer 200 once the model is loaded and gives its golden scores, 503 before."""
    return Health(status="ready")


async def root() -> RedirectResponse:
    """Lead a browser to the documentation."""
    return RedirectResponse("/docs")
