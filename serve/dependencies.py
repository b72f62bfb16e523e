"""What several routes need of a request.

These are coroutines, and so are all dependencies of routes that must always answer: FastAPI runs
plain functions on a few threads, which requests that wait for a database can hold all of.
"""

from typing import Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

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
