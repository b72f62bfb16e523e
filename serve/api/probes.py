"""The routes of health probes and metrics."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from serve.api.dependencies import CurrentService
from serve.api.problems import problem_responses
from serve.refusals import Draining, EngineUnhealthy


class Health(BaseModel):
    """A probe's answer."""

    status: str


def probe_routes() -> APIRouter:
    """The routes that need no key; those under /v2 are of the Open Inference Protocol."""
    plain = APIRouter(tags=["probes"])
    for call, paths in (
        (startupz, ["/startupz"]),
        (livez, ["/livez", "/v2/health/live"]),
        (readyz, ["/readyz", "/v2/health/ready"]),
    ):
        for path in paths:
            plain.add_api_route(
                path, call, methods=["GET"], response_model=Health, responses=problem_responses(503)
            )
            plain.add_api_route(path, call, methods=["HEAD"], include_in_schema=False)
    plain.add_api_route(
        "/metrics",
        metrics,
        methods=["GET"],
        response_class=Response,
        responses={200: {"content": {"text/plain": {}}}, **problem_responses(503)},
    )
    return plain


async def startupz(service: CurrentService) -> Health:
    """Answer 200 once the model is loaded and gave its golden scores, 503 before."""
    if not service.health.started:
        raise HTTPException(503)
    return Health(status="started")


async def livez(service: CurrentService) -> Health:
    """Answer 200 while the engine makes progress or has nothing to do; busy is alive."""
    if service.health.hung:
        raise EngineUnhealthy("the engine makes no progress; the process is about to end")
    return Health(status="live")


async def readyz(service: CurrentService) -> Health:
    """Answer 200 while new requests should come here, 503 before the start and when stopping."""
    if service.health.hung:
        raise EngineUnhealthy("the engine makes no progress; the process is about to end")
    if service.health.draining:
        raise Draining("the service is being stopped")
    if not service.health.started:
        raise HTTPException(503)
    return Health(status="ready")


async def metrics(service: CurrentService) -> Response:
    """Answer with all metrics, for Prometheus."""
    if not service.health.started:
        raise HTTPException(503)
    return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)
