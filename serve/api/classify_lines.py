"""The answer of /v1/classify as lines, each sent as soon as it is known.

The first line names the model, then comes a line a sentence in the order of the text, and the
summary with the warnings last. An answer that breaks off ends with a line `{"error": problem}`.
"""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from fastapi import Request
from fastapi.responses import StreamingResponse

from serve.api.classify_body import ClassifyBody
from serve.api.schemas.stances import SentenceStances, model_name, summary, warnings
from serve.api.scored_parts import BrokenOff, Whole, to_the_end
from serve.scoring.result import ScoringResult

NDJSON = "application/x-ndjson"


async def streamed(
    request: Request, body: ClassifyBody, parts: AsyncIterator[ScoringResult]
) -> StreamingResponse:
    """Answer with lines once the first part is scored.

    Raises:
        Refusal, EngineFailure: of the first part; later ones are told in the last line.
    """
    first = await anext(parts)
    return StreamingResponse(_lines(request, body, first, parts), media_type=NDJSON)


async def _lines(
    request: Request, body: ClassifyBody, first: ScoringResult, parts: AsyncIterator[ScoringResult]
) -> AsyncIterator[str]:
    head: dict[str, Any] = {"model": model_name(first).model_dump()}
    yield _line(head if body.page_text is None else {**head, "text": body.page_text})
    async with aclosing(to_the_end(request, body.request.text, first, parts)) as all_parts:
        async for part in all_parts:
            match part:
                case BrokenOff(problem):
                    yield _line({"error": json.loads(bytes(problem.body))})
                case Whole(result):
                    yield _line(_tail(result, body))
                case ScoringResult():
                    yield _sentences(part)


def _tail(result: ScoringResult, body: ClassifyBody) -> dict[str, Any]:
    told = [each.model_dump(exclude_none=True) for each in warnings(result, body.left_out)]
    last: dict[str, Any] = {"summary": summary(result)}
    return {**last, "warnings": told} if told else last


def _sentences(result: ScoringResult) -> str:
    rows = (SentenceStances(**row.to_fields()) for row in result.scored)
    return "".join(row.model_dump_json(exclude_none=True) + "\n" for row in rows)


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
