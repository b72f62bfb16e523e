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
from serve.api.problems import problem_of
from serve.api.schemas.stances import SentenceStances, model_name, summary, warnings
from serve.scoring.result import ScoringResult, merged
from serve.service import service_of
from serve.telemetry.request_record import record_of

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
    results = [first]
    yield _sentences(first)
    record, service = record_of(request.scope), service_of(request.app)
    try:
        async with aclosing(parts):  # type: ignore[type-var]
            async for part in parts:
                results.append(part)
                yield _sentences(part)
    except Exception as error:  # noqa: BLE001 - the status is sent: only a line can tell of it
        problem = problem_of(error, record.request_id)
        record.code = problem.code
        yield _line({"error": json.loads(bytes(problem.body))})
        return
    result = record.result = merged(results)
    service.recorder.record(result, body.request.text)
    told = [each.model_dump(exclude_none=True) for each in warnings(result, body.left_out)]
    last: dict[str, Any] = {"summary": summary(result)}
    yield _line({**last, "warnings": told} if told else last)


def _sentences(result: ScoringResult) -> str:
    rows = (SentenceStances(**row.to_fields()) for row in result.scored)
    return "".join(row.model_dump_json(exclude_none=True) + "\n" for row in rows)


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
