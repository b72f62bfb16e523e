"""The queue: sentences handed out, answered one by one, the model's answer only afterwards."""

import asyncio
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from data.store.deadline import set_deadline
from model.stance import STANCES
from serve.api.about import known_codebook
from serve.api.queue import hand_out, reveal
from serve.api.schemas.queue import Queue, QueueRequest, RevealRequest, Suggestion
from serve.page.answering import judged, store_answer
from serve.page.errors import PageRoute
from serve.page.rendering import html_page
from serve.page.statement_form import annotator_of, text_of
from serve.page.view import letters
from serve.service import service_of

_LIMIT = 20
_CONTEXT = 12  # sentences on each side; two are shown at once


@dataclass(frozen=True)
class Answered:
    """The answer that a form has just given, and what the model said of the sentence."""

    text: str
    given: str
    suggestion: Suggestion | None
    same: bool


def queue_pages() -> APIRouter:
    """The routes of the queue."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)
    pages.add_api_route("/queue", begin, methods=["GET"])
    pages.add_api_route("/queue", work, methods=["POST"])
    return pages


async def begin(request: Request) -> Response:
    """Ask who reads; nothing is handed out by looking."""
    return html_page("queue.html", request, queue=None, annotator="", shown=False, answered=None)


async def work(request: Request) -> Response:
    """Store the answer that came, if one did, and hand out what is next."""
    async with request.form(max_files=0, max_fields=40) as form:
        annotator, shown = annotator_of(request, form), "suggestions" in form
        row = answer_row(form, annotator)
    answered = None
    if row:
        await store_answer(request, row)
        answered = await _revealed(request, row)
    asked: dict[str, Any] = {"limit": _LIMIT, "annotator": annotator or None}
    body = QueueRequest(**asked, suggestions=shown, context=_CONTEXT)
    service = service_of(request.app)

    def handed_out() -> Queue:
        return hand_out(body, service.annotations())

    set_deadline(service.limits.seconds)
    queue = await asyncio.to_thread(handed_out)
    return html_page(
        "queue.html",
        request,
        queue=queue,
        annotator=annotator,
        shown=shown,
        answered=answered,
        codebook=known_codebook(),
        letters_of=letters,
    )


def answer_row(form: Any, annotator: str, act: str = "label") -> dict[str, Any]:  # noqa: ANN401
    """The judgement that a form of an item holds; {} if it holds none."""
    given = "".join(map(str, form.getlist("label")))
    if not given or not text_of(form, "text"):
        return {}
    said = judged(given)
    row = {"text": text_of(form, "text"), "annotator": annotator, **said}
    if said["act"] == "label":
        row["act"] = act
    names = (("doc", "doc"), ("selected_by", "reason"), ("suggested_by", "by"))
    row |= {field: value for field, name in names if (value := text_of(form, name))}
    n = text_of(form, "n")
    return {**row, "n": int(n)} if n.isdecimal() and len(n) < 10 else row


async def _revealed(request: Request, row: dict[str, Any]) -> Answered:
    service = service_of(request.app)
    body = RevealRequest(text=row["text"], annotator=row["annotator"])
    found = await asyncio.to_thread(lambda: reveal(body, service.annotations()).suggestion)
    said = [stance for stance in STANCES if stance in row.get("labels", [])]
    same = found is not None and "labels" in row and found.labels == said
    return Answered(row["text"], ", ".join(said) or row["act"], found, same)
