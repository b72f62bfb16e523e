"""The body of POST /v1/classify, in any of the media types it takes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from model.errors import EmptyText
from model.text.html import read_html
from serve.api.schemas.classify_request import SOME_TEXT, ClassifyRequest

JSON, PLAIN, HTML = "application/json", "text/plain", "text/html"
_CHARSETS = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "us-ascii": "ascii",
    "iso-8859-1": "cp1252",  # as browsers read it
    "windows-1252": "cp1252",
    "utf-16": "utf-16",
}
_TEXT_BODY = {"schema": {"type": "string", "pattern": SOME_TEXT}}
_STATEMENT = "We welcome the truce. Both sides must now release the prisoners."
_EXAMPLES = {
    "a statement": {"value": {"text": _STATEMENT}},
    "sentences": {"value": {"sentences": ["We welcome the truce."]}},
}
REQUEST_BODY: Mapping[str, Any] = {
    "required": True,
    "content": {
        JSON: {"schema": ClassifyRequest.model_json_schema(), "examples": _EXAMPLES},
        PLAIN: _TEXT_BODY,
        HTML: {"schema": {"type": "string"}},
    },
}


@dataclass(frozen=True)
class ClassifyBody:
    """What was sent.

    Attributes:
        page_text: of an HTML body, the text that was read from it.
        left_out: characters of it that were not read, by the element that holds them.
    """

    request: ClassifyRequest
    page_text: str | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)


async def read_body(request: Request) -> ClassifyBody:
    """Read the body by its media type.

    Raises:
        HTTPException: 415 for another media type, 400 for bytes that are not what it says.
        RequestValidationError: JSON that is not a request.
        UnusableText, EmptyText: HTML that is too deep, or without text.
    """
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    content = await request.body()
    match media_type.strip().lower():
        case "application/json":
            return ClassifyBody(_parse_json(_decoded(content, "")))
        case "text/plain":
            return ClassifyBody(ClassifyRequest(text=_decoded(content, parameters)))
        case "text/html":
            return parse_html(_decoded(content, parameters))
    raise HTTPException(415, f"the body must be {JSON}, {PLAIN} or {HTML}")


def _decoded(content: bytes, parameters: str) -> str:
    name = _charset(parameters)
    if name not in _CHARSETS:
        raise HTTPException(415, f"the charset {name[:40]!r} is not one of {', '.join(_CHARSETS)}")
    try:
        return content.decode(_CHARSETS[name])
    except UnicodeDecodeError as error:
        byte = f"0x{content[error.start]:02X} at byte {error.start}"
        detail = f"the body is not {name.upper()} ({byte}): send UTF-8, or name its charset"
        raise HTTPException(400, detail) from error


def _charset(parameters: str) -> str:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return "utf-8"


def _parse_json(text: str) -> ClassifyRequest:
    if not text:
        message = "the body is empty: send text or sentences"
        raise RequestValidationError([{"type": "missing", "loc": ("body",), "msg": message}])
    try:
        fields = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        detail = f"the body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        raise HTTPException(400, detail) from error
    except ValueError as error:  # a number of thousands of digits
        raise HTTPException(400, "the body is not JSON that can be read") from error
    try:
        return ClassifyRequest.model_validate(fields)
    except ValidationError as error:
        faults = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(faults) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = f"the field {twice[:40]!r} is given twice"
        raise RequestValidationError([{"type": "repeated", "loc": ("body",), "msg": message}])
    return fields


def parse_html(content: str) -> ClassifyBody:
    """Read the text of a web page.

    Raises:
        UnusableText, EmptyText: it is too deep, or has no text.
    """
    page = read_html(content)
    if not page.text:
        raise EmptyText("the page has no text: send the part of it that has")
    return ClassifyBody(ClassifyRequest(text=page.text), page.text, page.left_out)
