"""What several routes need of a request.

Dependencies of routes that must always answer are coroutines: FastAPI runs plain functions on a few
threads, which requests that wait for a database can hold all of.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from data.store import AnnotationStore
from serve.limits import Limits


async def require_json(request: Request) -> None:
    """Refuse a body that does not say it is JSON."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise HTTPException(415)


async def _limits(request: Request) -> Limits:
    limits: Limits = request.app.state.limits
    return limits


CurrentLimits = Annotated[Limits, Depends(_limits)]


def _store(request: Request) -> AnnotationStore:
    open_it: Callable[[], AnnotationStore] = request.app.state.annotations
    return open_it()


CurrentStore = Annotated[AnnotationStore, Depends(_store)]
