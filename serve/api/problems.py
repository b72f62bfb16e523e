"""Turn every error into a response: problem+json (RFC 9457), for every status that is not 2xx."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from model.errors import DemarcheError, InvalidData
from serve.api.problem_table import (
    PUBLIC_DETAILS,
    STATUSES,
    ProblemKind,
    kind_of_error,
    kind_of_status,
)
from serve.api.schemas.annotations import fault_item
from serve.api.schemas.problem import Problem
from serve.refusals import Refusal, Unauthorised
from serve.telemetry.request_record import record_of

PROBLEM_JSON = "application/problem+json"

# pydantic's error types for a body that is not JSON at all
_UNREADABLE = ("json_invalid", "string_unicode")

# A wrong item is told in some 150 bytes: 500,000 of them once made an answer of 63 MB.
_MAX_ERRORS, _MAX_ERROR_LENGTH = 20, 300

_log = structlog.stdlib.get_logger()


def add_error_handlers(app: FastAPI) -> None:
    """Make every error of the app a problem."""
    for kind in (DemarcheError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _on_error)


class ProblemResponse(JSONResponse):
    """The response to a request that ended with an error; `code` is for metrics and the log."""

    media_type = PROBLEM_JSON

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None) -> None:
        super().__init__(problem.model_dump(), problem.status, headers)
        self.code = problem.code


def problem_of(error: Exception, request_id: str | None = None) -> ProblemResponse:
    """Build the response to an error; it tells nothing of the inside of the service."""
    instance = request_id or str(uuid4())
    if isinstance(error, InvalidData):
        return _invalid_annotations(error, instance)
    if isinstance(error, RequestValidationError):
        return _invalid_request(error, instance)
    if isinstance(error, HTTPException):
        return _http_error(error, instance)
    kind = kind_of_error(error)
    detail = PUBLIC_DETAILS.get(kind.code) or str(error)
    return _problem(kind, detail, instance, headers=_headers(error))


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of a route's errors."""
    return {
        status: {
            "description": STATUSES[status].title,
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            "model": Problem,
        }
        for status in statuses
    }


async def _on_error(request: Request, error: Exception) -> ProblemResponse:
    record = record_of(request.scope)
    if isinstance(error, HTTPException) and error.status_code == 405:
        error = HTTPException(405, headers=_allow(request) or error.headers)
    problem = problem_of(error, record.request_id)
    record.code = problem.code
    if isinstance(error, DemarcheError) and problem.code in PUBLIC_DETAILS:
        _log.error(problem.code, request_id=record.request_id, reason=str(error))
    return problem


def _problem(
    kind: ProblemKind,
    detail: str,
    instance: str,
    *,
    errors: Sequence[dict[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    problem = Problem(
        type=f"urn:demarche:problem:{kind.code}",
        title=kind.title,
        status=kind.status,
        detail=detail,
        instance=f"urn:uuid:{instance}",
        code=kind.code,
        errors=[{name: shortened(text) for name, text in each.items()} for each in errors],
    )
    return ProblemResponse(problem, headers)


def _headers(error: Exception) -> dict[str, str]:
    headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, Unauthorised) else {}
    if isinstance(error, Refusal) and error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    return headers


def _invalid_request(error: RequestValidationError, instance: str) -> ProblemResponse:
    found = error.errors()
    errors = [
        {
            "pointer": "/" + "/".join(str(part) for part in each["loc"][1:]),
            "code": each["type"],
            "detail": each["msg"],
        }
        for each in found[:_MAX_ERRORS]
    ]
    status = 400 if any(each["code"] in _UNREADABLE for each in errors) else 422
    details = dict.fromkeys(shortened(each["detail"]) for each in errors)
    detail = "; ".join(details) + _not_shown(len(found))
    return _problem(kind_of_status(status), detail, instance, errors=errors)


def _invalid_annotations(error: InvalidData, instance: str) -> ProblemResponse:
    errors = [fault_item(fault) for fault in error.faults[:_MAX_ERRORS]]
    count = len(error.faults)
    detail = f"nothing was stored; errors says where and what is valid (faults: {count})"
    return _problem(kind_of_error(error), detail + _not_shown(count), instance, errors=errors)


def _not_shown(count: int) -> str:
    return f"; errors has the first {_MAX_ERRORS} of {count:,}" if count > _MAX_ERRORS else ""


def shortened(text: str) -> str:
    """Keep the beginning of a long text that a caller sent, and say how long it was."""
    if len(text) <= _MAX_ERROR_LENGTH:
        return text
    return f"{text[:_MAX_ERROR_LENGTH]}… ({len(text):,} characters)"


def _http_error(error: HTTPException, instance: str) -> ProblemResponse:
    kind, detail = kind_of_status(error.status_code), str(error.detail)
    if kind.status in STATUSES and detail == HTTPStatus(kind.status).phrase:
        detail = kind.title  # it says what to do, the phrase does not
    return _problem(kind, detail, instance, headers=error.headers)


def _allow(request: Request) -> dict[str, str]:
    """All documented methods of the path; Starlette names only those of its first route."""
    methods = {
        method.upper()
        for template, operations in request.app.openapi()["paths"].items()
        if compile_path(template)[0].match(request.url.path)
        for method in operations
    }
    return {"Allow": ", ".join(sorted(methods))} if methods else {}
