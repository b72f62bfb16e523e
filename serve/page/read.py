"""The reading view: a statement in, its text with its stances out, while it is being scored."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from itertools import islice

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from model.text.checks import check_text
from serve.annotating.recorder import document_of
from serve.api.schemas.stances import warnings
from serve.api.scored_parts import BrokenOff, Whole, to_the_end
from serve.page import view
from serve.page.answering import judged, store_answer
from serve.page.errors import PageRoute
from serve.page.own_answers import held_about, own_answers
from serve.page.paragraphs import Paragraphs
from serve.page.rendering import PAGE_HEADERS, html_page, live_version, render
from serve.page.scored import Scored, score
from serve.page.statement_form import StatementForm, read_statement_form
from serve.scoring.reading import Reading
from serve.scoring.result import ScoringResult
from serve.service import service_of

READING = "reading"  # `selected_by` of answers that are given while a statement is read


def read_routes() -> APIRouter:
    """The routes of the reading view."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)
    pages.add_api_route("/", start, methods=["GET", "HEAD"])
    pages.add_api_route("/read", back_to_start, methods=["GET"])
    pages.add_api_route("/read", read, methods=["POST"])
    pages.add_api_route("/read/answer", answer, methods=["POST"])
    return pages


async def start(request: Request) -> Response:
    """Give browsers the empty box, and everybody else the documentation."""
    if "text/html" not in request.headers.get("accept", ""):
        return RedirectResponse("/docs")
    return html_page("start.html", request, text="", problem=None)


async def back_to_start() -> Response:
    """Lead to the box: a statement is nowhere kept, so its address alone shows nothing."""
    return RedirectResponse("/", 303)


async def read(request: Request) -> Response:
    """Show a statement with its stances, from its first sentences on."""
    return await _shown(request, await checked_form(request))


async def answer(request: Request) -> Response:
    """Store the answer to one sentence, given with the model's in sight, and show all again."""
    form = await checked_form(request)
    found = islice(Reading().sentences(form.text), form.at - 1, form.at) if form.at else ()
    for sentence in await asyncio.to_thread(list, found):
        place = {"doc": document_of(form.text), "n": sentence.index, "text": sentence.text}
        seen = {"selected_by": READING, "suggested_by": live_version(request)}
        row = {**place, **seen, **judged(form.labels), "annotator": form.annotator}
        await store_answer(request, row)
    return await _shown(request, replace(form, at=0))


async def checked_form(request: Request) -> StatementForm:
    """Read the form; raises what a text that cannot be scored raises."""
    form = await read_statement_form(request)
    service_of(request.app).limits.check_characters(len(form.text))
    check_text(form.text, name="text")
    return form


async def _shown(request: Request, form: StatementForm) -> Response:
    scored = await score(request, form.text)
    page = await _page(request, form, scored)
    return StreamingResponse(
        page.html(), media_type="text/html; charset=utf-8", headers=dict(PAGE_HEADERS)
    )


async def _page(request: Request, form: StatementForm, scored: Scored) -> "StatementPage":
    doc = document_of(form.text)
    held = await held_about(service_of(request.app), doc) if form.annotator else []
    own = own_answers(held or [], form.annotator)
    return StatementPage(request, form, scored, Paragraphs(form.text, own), doc, held is None)


@dataclass(frozen=True)
class StatementPage:
    """One statement on its way to a browser.

    Attributes:
        store_away: whether earlier answers could not be read.
    """

    request: Request
    form: StatementForm
    scored: Scored
    paragraphs: Paragraphs
    doc: str
    store_away: bool

    async def html(self) -> AsyncIterator[str]:
        """Yield the page, part by part."""
        manifest = self.scored.first.manifest
        yield render(
            "read_head.html", self.request, form=self.form, doc=self.doc, manifest=manifest
        )
        text = self.form.text
        parts = to_the_end(self.request, text, self.scored.first, self.scored.rest)
        async with aclosing(parts) as all_parts:
            async for part in all_parts:
                match part:
                    case ScoringResult():
                        yield self._sentences(part)
                    case Whole(result):
                        yield self._tail(list(warnings(result, self.form.left_out)), None)
                    case BrokenOff(problem):
                        yield self._tail([], json.loads(bytes(problem.body)))

    def _sentences(self, result: ScoringResult) -> str:
        placed = list(self.paragraphs.place(result.scored))
        return render("read_part.html", self.request, placed=placed)

    def _tail(self, told: list[object], problem: object) -> str:
        views = self.paragraphs.views
        at = self.form.at
        return render(
            "read_tail.html",
            self.request,
            form=self.form,
            views=views,
            counts=view.counts(views),
            cells=view.course(views),
            where=view.where(views),
            warnings=told,
            problem=problem,
            store_away=self.store_away,
            note=views[at - 1] if 0 < at <= len(views) else None,
            manifest=self.scored.first.manifest,
        )
