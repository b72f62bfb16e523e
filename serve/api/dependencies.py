"""What routes get by injection: checks of the request, and the parts of the service.

Those of routes that must always answer are coroutines: FastAPI runs plain functions on a few
threads, and requests that wait for a database can hold all of them.
"""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from data.store.deadline import set_deadline
from data.store.store import AnnotationStore
from serve.live.activation import Activation
from serve.scoring.inference import Inference
from serve.scoring.limits import Limits
from serve.service import Scoring, Service, service_of
from serve.telemetry.request_record import RequestRecord, record_of


async def require_json(request: Request) -> None:
    """Refuse a body whose media type is not JSON."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise HTTPException(415)


async def require_single_values(request: Request) -> None:
    """Refuse a query parameter that comes twice: only one of its values could count."""
    query = request.query_params
    for name in query:
        if len(values := query.getlist(name)) > 1:
            message = "Input should be given once"
            fault = {"type": "repeated", "loc": ("query", name), "msg": message, "input": values}
            raise RequestValidationError([fault])


async def _service(request: Request) -> Service:
    return service_of(request.app)


async def _limits(request: Request) -> Limits:
    return service_of(request.app).limits


async def _inference(request: Request) -> Inference:
    return _scoring(request).inference


async def _activation(request: Request) -> Activation:
    return _scoring(request).activation


def _scoring(request: Request) -> Scoring:
    scoring = service_of(request.app).scoring
    if scoring is None:
        raise HTTPException(503)
    return scoring


async def _store_deadline(request: Request) -> None:
    # a coroutine: what it sets holds for the threads that this request uses later
    set_deadline(service_of(request.app).limits.seconds)


def _store(request: Request, _: Annotated[None, Depends(_store_deadline)]) -> AnnotationStore:
    return service_of(request.app).annotations()


async def _record(request: Request) -> RequestRecord:
    return record_of(request.scope)


CurrentService = Annotated[Service, Depends(_service)]
CurrentLimits = Annotated[Limits, Depends(_limits)]
CurrentInference = Annotated[Inference, Depends(_inference)]
CurrentActivation = Annotated[Activation, Depends(_activation)]
CurrentStore = Annotated[AnnotationStore, Depends(_store)]
CurrentRecord = Annotated[RequestRecord, Depends(_record)]
