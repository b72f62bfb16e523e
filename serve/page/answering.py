"""Answers given by a form: stored by the same function as those of POST /v1/annotations."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError

from data.store.deadline import set_deadline
from serve.api.annotations import add_annotations
from serve.api.schemas.annotations import AnnotationsRequest, AnnotationsStored
from serve.page.view import stances_of
from serve.service import service_of
from serve.telemetry.request_record import record_of


async def store_answer(request: Request, row: Mapping[str, Any]) -> AnnotationsStored:
    """Store one judgement; it is on disk when this returns.

    Raises:
        InvalidData: the row is none.
        StoreError: the store cannot be used.
        RequestValidationError: nobody is named.
    """
    if not row.get("annotator"):
        message = "say whose answer it is: fill in your name"
        raise RequestValidationError(
            [{"type": "missing", "loc": ("body", "annotator"), "msg": message}]
        )
    service = service_of(request.app)
    body = AnnotationsRequest(annotations=[dict(row)])

    def store() -> AnnotationsStored:
        return add_annotations(
            body, record_of(request.scope), service.limits, service.annotations()
        )

    set_deadline(service.limits.seconds)
    return await asyncio.to_thread(store)


def judged(letters: str) -> dict[str, Any]:
    """The act and labels that the letters of an answer stand for; "s" is a skip."""
    if "s" in letters:
        return {"act": "skip"}
    return {"act": "label", "labels": [str(each) for each in stances_of(letters)]}
