"""A statement scored part by part, up to its end, for whatever shape its answer has."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

from fastapi import Request

from serve.api.problems import ProblemResponse, problem_of
from serve.scoring.result import ScoringResult, merged
from serve.service import service_of
from serve.telemetry.request_record import record_of


@dataclass(frozen=True)
class Whole:
    """The end: all parts as one result, which is recorded."""

    result: ScoringResult


@dataclass(frozen=True)
class BrokenOff:
    """The end of an answer whose later part failed: its status was sent, only its text can tell."""

    problem: ProblemResponse


ScoredPart = ScoringResult | Whole | BrokenOff


async def to_the_end(
    request: Request, text: str, first: ScoringResult, parts: AsyncIterator[ScoringResult]
) -> AsyncGenerator[ScoredPart]:
    """Yield `first` and every further part, and last a Whole or a BrokenOff."""
    record, results = record_of(request.scope), [first]
    yield first
    try:
        async with aclosing(parts):  # type: ignore[type-var]
            async for part in parts:
                results.append(part)
                yield part
    except Exception as error:  # noqa: BLE001 - the status is sent: only the text can tell of it
        problem = problem_of(error, record.request_id)
        record.code = problem.code
        yield BrokenOff(problem)
        return
    result = record.result = merged(results)
    service_of(request.app).recorder.record(result, text)
    yield Whole(result)
