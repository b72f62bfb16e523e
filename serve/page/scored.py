"""A statement's scoring, begun: the same way as for POST /v1/classify."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

from fastapi import Request
from starlette.exceptions import HTTPException

from serve.api.scored_parts import BrokenOff, Whole, to_the_end
from serve.refusals import Overloaded
from serve.scoring.reading import Reading
from serve.scoring.result import ScoringResult
from serve.service import service_of


@dataclass(frozen=True)
class Scored:
    """The first part, and the others as they come."""

    first: ScoringResult
    rest: AsyncIterator[ScoringResult]


async def score(request: Request, text: str) -> Scored:
    """Begin to score a statement, in as many parts as it takes.

    Raises:
        Refusal, EngineFailure: nothing of it can be scored now.
        HTTPException: 503, no model is loaded.
    """
    service = service_of(request.app)
    if service.scoring is None:
        raise HTTPException(503)
    parts = service.scoring.inference.stream(text, Reading(), wait=service.limits.seconds)
    return Scored(await anext(parts), parts)


async def score_whole(request: Request, text: str) -> ScoringResult:
    """Score all of a statement; raises what `score` raises, at any part."""
    scored = await score(request, text)
    async with aclosing(to_the_end(request, text, scored.first, scored.rest)) as parts:
        async for part in parts:
            if isinstance(part, Whole):
                return part.result
            if isinstance(part, BrokenOff):
                break
    raise Overloaded("not all of it could be scored now: try again", retry_after=2)
