"""What watches the service: probes, metrics, and the way from / to the documentation."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException

from serve.api.problems import problem_responses
from serve.api.stance_schemas import Health
from serve.refusals import Draining, EngineUnhealthy
from serve.scoring.watchdog import Vitals


async def _vitals(request: Request) -> Vitals:
    vitals: Vitals = request.app.state.vitals
    return vitals


CurrentVitals = Annotated[Vitals, Depends(_vitals)]


def probe_routes() -> APIRouter:
    """The routes outside of keys and limits; those under /v2 are of the open inference protocol."""
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
    plain.add_api_route(
        "/metrics",
        metrics,
        methods=["GET"],
        response_class=Response,
        responses={200: {"content": {"text/plain": {}}}, **problem_responses(503)},
    )
    plain.add_api_route("/", root, methods=["GET"], include_in_schema=False)
    return plain


async def startupz(vitals: CurrentVitals) -> Health:
    """Answer 200 once the model is loaded and gave its golden scores, 503 before."""
    if not vitals.started:
        raise HTTPException(503)
    return Health(status="started")


async def livez(vitals: CurrentVitals) -> Health:
    """Answer 200 while the engine makes progress or has nothing to do; busy is alive."""
    if vitals.hung:
        raise EngineUnhealthy("the engine makes no progress; the process is about to end")
    return Health(status="live")


async def readyz(vitals: CurrentVitals) -> Health:
    """Answer 200 while new requests are welcome, 503 before the start and once told to stop."""
    if vitals.hung:
        raise EngineUnhealthy("the engine makes no progress; the process is about to end")
    if vitals.draining:
        raise Draining("the service is being stopped")
    if not vitals.started:
        raise HTTPException(503)
    return Health(status="ready")


async def metrics(request: Request, vitals: CurrentVitals) -> Response:
    """What Prometheus reads."""
    if not vitals.started:
        raise HTTPException(503)
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE_LATEST)


async def root() -> RedirectResponse:
    """Lead a browser to the documentation."""
    return RedirectResponse("/docs")
