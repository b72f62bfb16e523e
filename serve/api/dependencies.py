"""What several routes need of a request.

Dependencies of routes that must always answer are coroutines: FastAPI runs plain functions on a few
threads, which requests that wait for a database can hold all of.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from data.store.store import AnnotationStore
from serve.scoring.limits import Limits


async def require_json(request: Request) -> None:
    """Refuse a body that does not say it is JSON."""
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


async def _limits(request: Request) -> Limits:
    limits: Limits = request.app.state.limits
    return limits


CurrentLimits = Annotated[Limits, Depends(_limits)]


def _store(request: Request) -> AnnotationStore:
    open_it: Callable[[], AnnotationStore] = request.app.state.annotations
    return open_it()


CurrentStore = Annotated[AnnotationStore, Depends(_store)]
