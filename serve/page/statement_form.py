"""What the reading view's form sends: a statement, or a file of one, and what is to be done."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from data.judgements.person import normalised_name
from serve.api.classify_body import parse_html
from serve.page.visitor import visitor_of

_HTML_NAMES = (".html", ".htm", ".xhtml")
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class StatementForm:
    """A statement to read.

    Attributes:
        left_out: characters of a web page that were not read, by the element that holds them.
        annotator: who reads; "" if nobody has said.
        at: number of the sentence whose note is to be open; 0 none.
        labels: letters of the answer to that sentence, if one is given.
    """

    text: str
    annotator: str
    left_out: Mapping[str, int] = field(default_factory=dict)
    at: int = 0
    labels: str = ""


async def read_statement_form(request: Request) -> StatementForm:
    """Read the form.

    Raises:
        HTTPException: it is no form, or too large.
        UnusableText, EmptyText: a web page that is too deep, or without text.
    """
    async with request.form(max_files=1, max_fields=40) as form:
        text, left_out = await _statement(form)
        at = text_of(form, "at")
        return StatementForm(
            text=text,
            annotator=annotator_of(request, form),
            left_out=left_out,
            at=int(at) if at.isdecimal() and len(at) < 7 else 0,
            labels="".join(map(str, form.getlist("label"))),
        )


def annotator_of(request: Request, form: FormData) -> str:
    """Whose answers these are: the key's, or whoever the form names where none is needed."""
    return visitor_of(request).name or normalised_name(text_of(form, "annotator"))


async def _statement(form: FormData) -> tuple[str, Mapping[str, int]]:
    file = form.get("file")
    if isinstance(file, UploadFile) and file.size:
        content = _decoded(await file.read())
        name, media_type = (file.filename or "").lower(), file.content_type or ""
        if name.endswith(_HTML_NAMES) or media_type.startswith("text/html"):
            page = parse_html(content)
            return page.request.text, page.left_out
        return _lines(content), {}
    return _lines(text_of(form, "text")), {}


def text_of(form: FormData, name: str) -> str:
    """The text of a field; "" if there is none."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _lines(text: str) -> str:
    """Forms send every line's end as two characters."""
    return text.replace("\r\n", "\n")


def _decoded(content: bytes) -> str:
    """UTF-8, or what its mark says, or else what browsers take old pages for."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name, "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
