"""Where an error meets a status: every answer that is not 2xx is problem+json (RFC 9457)."""

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

from model.errors import (
    ArtifactMissing,
    DemarcheError,
    EmptyText,
    EngineFailure,
    InvalidData,
    Locked,
    NothingNew,
    StoreError,
    TooLarge,
    UnusableText,
)
from serve.api.annotation_schemas import fault_item
from serve.api.stance_schemas import Problem
from serve.refusals import Refusal

PROBLEM_JSON = "application/problem+json"

_STATUS: Mapping[type[DemarcheError], tuple[int, str]] = {
    EmptyText: (422, "empty_text"),
    UnusableText: (400, "unusable_text"),
    TooLarge: (413, "too_large"),
    EngineFailure: (500, "inference_failed"),
    StoreError: (503, "store_unavailable"),
    ArtifactMissing: (404, "no_such_model"),
    Locked: (409, "locked"),
    NothingNew: (409, "nothing_to_do"),
}
_TITLES: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", "The request cannot be read"),
    401: ("unauthorised", "A key is needed"),
    403: ("forbidden", "The key does not reach this"),
    404: ("not_found", "There is nothing at this path; /docs lists what there is"),
    405: ("method_not_allowed", "This path does not take this method"),
    408: ("too_slow", "The request did not arrive in time"),
    409: ("conflict", "This cannot be done as things stand; nothing has changed"),
    413: ("too_large", "The request is too large"),
    415: ("unsupported_media_type", "The body must be application/json"),
    422: ("invalid_request", "The request is not what this path takes"),
    429: ("rate_limited", "The key has used up its requests for now"),
    431: ("headers_too_large", "The headers are too large"),
    500: ("internal_error", "The service failed; the request may be tried again"),
    503: ("not_ready", "The service cannot take this now"),
    504: ("deadline_exceeded", "The answer would have come too late"),
}
# Their messages name places and parts that are nobody else's business: they go into the log.
_VEILED: Mapping[str, str] = {
    "internal_error": _TITLES[500][1],
    "inference_failed": _TITLES[500][1],
    "store_unavailable": "annotations cannot be stored or read now; the service's log says why",
}
# what pydantic calls a body that is no JSON text at all
_UNREADABLE = ("json_invalid", "string_unicode")

_log = structlog.stdlib.get_logger()


def add_error_handlers(app: FastAPI) -> None:
    """Make every error of the app a problem."""
    for kind in (DemarcheError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _on_error)


class ProblemResponse(JSONResponse):
    """A problem on the wire; `code` is for those who count and log it."""

    media_type = PROBLEM_JSON

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None) -> None:
        super().__init__(problem.model_dump(), problem.status, headers)
        self.code = problem.code


def problem_of(error: Exception, *, request_id: str | None = None) -> ProblemResponse:
    """The answer to a request that ended with an error; nothing of the inside shows."""
    instance = request_id or str(uuid4())
    if isinstance(error, Refusal):
        return _problem(
            error.status, str(error), instance, code=error.code, headers=_headers(error)
        )
    if isinstance(error, InvalidData):
        return _invalid_annotations(error, instance)
    if isinstance(error, DemarcheError):
        status, code = _STATUS.get(type(error), (500, "internal_error"))
        detail = _VEILED.get(code) or str(error)
        return _problem(status, detail, instance, code=code)
    if isinstance(error, RequestValidationError):
        return _invalid_request(error, instance)
    if isinstance(error, HTTPException):
        return _http_error(error, instance)
    return _problem(500, _TITLES[500][1], instance)


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of a route's errors."""
    return {
        status: {
            "description": _TITLES[status][1],
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            "model": Problem,
        }
        for status in statuses
    }


async def _on_error(request: Request, error: Exception) -> ProblemResponse:
    request_id: str = request.state.request_id
    if isinstance(error, HTTPException) and error.status_code == 405:
        error = HTTPException(405, headers=_allow(request) or error.headers)
    problem = problem_of(error, request_id=request_id)
    request.state.facts["code"] = problem.code
    if isinstance(error, DemarcheError) and problem.code in _VEILED:
        _log.error(problem.code, request_id=request_id, reason=str(error))
    return problem


def _problem(
    status: int,
    detail: str,
    instance: str,
    *,
    code: str | None = None,
    errors: Sequence[dict[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    default_code, title = _TITLES.get(status, ("error", "The request failed"))
    code = code or default_code
    problem = Problem(
        type=f"urn:demarche:problem:{code}",
        title=title,
        status=status,
        detail=detail,
        instance=f"urn:uuid:{instance}",
        code=code,
        errors=list(errors),
    )
    return ProblemResponse(problem, headers)


def _headers(refusal: Refusal) -> dict[str, str]:
    headers = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else {}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    return headers


def _invalid_request(error: RequestValidationError, instance: str) -> ProblemResponse:
    errors = [
        {
            "pointer": "/" + "/".join(str(part) for part in each["loc"][1:]),
            "code": each["type"],
            "detail": each["msg"],
        }
        for each in error.errors()
    ]
    status = 400 if any(each["code"] in _UNREADABLE for each in errors) else 422
    detail = "; ".join(each["detail"] for each in errors)
    return _problem(status, detail, instance, errors=errors)


def _invalid_annotations(error: InvalidData, instance: str) -> ProblemResponse:
    errors = [fault_item(fault) for fault in error.faults]
    detail = f"nothing was stored; errors says where and what is valid (faults: {len(errors)})"
    return _problem(422, detail, instance, code="invalid_annotations", errors=errors)


def _http_error(error: HTTPException, instance: str) -> ProblemResponse:
    status, detail = error.status_code, str(error.detail)
    if status in _TITLES and detail == HTTPStatus(status).phrase:
        detail = _TITLES[status][1]  # it says what to do, the phrase does not
    return _problem(status, detail, instance, headers=error.headers)


def _allow(request: Request) -> dict[str, str]:
    """All documented methods of the path; Starlette names only those of its first route."""
    methods = {
        method.upper()
        for template, operations in request.app.openapi()["paths"].items()
        if compile_path(template)[0].match(request.url.path)
        for method in operations
    }
    return {"Allow": ", ".join(sorted(methods))} if methods else {}
