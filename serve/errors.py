"""Where an error meets a status: every answer that is not 2xx is problem+json (RFC 9457)."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from model.errors import (
    DemarcheError,
    EmptyText,
    EngineFailure,
    InvalidData,
    StoreError,
    TooLarge,
    UnusableText,
)
from serve.annotation_schemas import fault_item
from serve.schemas import Problem

_LOG = logging.getLogger(__name__)
PROBLEM_JSON = "application/problem+json"

_STATUS: Mapping[type[DemarcheError], tuple[int, str]] = {
    EmptyText: (422, "empty_text"),
    UnusableText: (400, "unusable_text"),
    TooLarge: (413, "too_large"),
    EngineFailure: (500, "inference_failed"),
    InvalidData: (422, "invalid_annotations"),
    StoreError: (503, "store_unavailable"),
}
_TITLES: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", "The request cannot be read"),
    404: ("not_found", "There is nothing at this path; /docs lists what there is"),
    405: ("method_not_allowed", "This path does not take this method"),
    413: ("too_large", "The request is too large"),
    415: ("unsupported_media_type", "The body must be application/json"),
    422: ("invalid_request", "The request is not what this path takes"),
    500: ("internal_error", "The service failed; the request may be tried again"),
    503: ("not_ready", "The service is not ready"),
}
# what pydantic calls a body that is no JSON text at all
_UNREADABLE = ("json_invalid", "string_unicode")


def add_error_handlers(app: FastAPI) -> None:
    """Make every error of the app a problem."""
    app.add_exception_handler(DemarcheError, _demarche_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


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


def _problem(
    status: int,
    detail: str,
    *,
    code: str | None = None,
    errors: Sequence[dict[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    default_code, title = _TITLES.get(status, ("error", "The request failed"))
    code = code or default_code
    problem = Problem(
        type=f"urn:demarche:problem:{code}",
        title=title,
        status=status,
        detail=detail,
        instance=f"urn:uuid:{uuid4()}",
        code=code,
        errors=list(errors),
    )
    return JSONResponse(
        problem.model_dump(), status, headers=dict(headers or {}), media_type=PROBLEM_JSON
    )


async def _demarche_error(_: Request, error: Exception) -> JSONResponse:
    status, code = _STATUS.get(type(error), (500, "internal_error"))  # type: ignore[arg-type]
    detail = str(error) if status != 500 else _TITLES[500][1]
    if isinstance(error, StoreError):
        _LOG.error("%s", error)  # it names places that are nobody else's business
        detail = "annotations cannot be stored or read now; the service's log says why"
    if isinstance(error, InvalidData):
        errors = [fault_item(fault) for fault in error.faults]
        detail = f"{len(errors)} faults, nothing was stored: errors says where and what is valid"
        return _problem(status, detail, code=code, errors=errors)
    return _problem(status, detail, code=code)


async def _invalid_request(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it only
    errors = [
        {
            "pointer": "/" + "/".join(str(part) for part in each["loc"][1:]),
            "code": each["type"],
            "detail": each["msg"],
        }
        for each in error.errors()
    ]
    status = 400 if any(each["code"] in _UNREADABLE for each in errors) else 422
    return _problem(status, "; ".join(each["detail"] for each in errors), errors=errors)


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it only
    status, detail = error.status_code, str(error.detail)
    headers: Mapping[str, str] | None = error.headers
    if status == 405 and (methods := _methods_here(request)):
        headers = {"Allow": ", ".join(sorted(methods))}
    if status in _TITLES and detail == HTTPStatus(status).phrase:
        detail = _TITLES[status][1]  # it says what to do, the phrase does not
    return _problem(status, detail, headers=headers)


def _methods_here(request: Request) -> set[str]:
    """All documented methods of the path; Starlette names only those of its first route."""
    return {
        method.upper()
        for template, operations in request.app.openapi()["paths"].items()
        if compile_path(template)[0].match(request.url.path)
        for method in operations
    }


async def _unexpected(_: Request, __: Exception) -> JSONResponse:
    return _problem(500, _TITLES[500][1])
