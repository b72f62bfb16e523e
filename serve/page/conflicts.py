"""Conflicts: the votes side by side, and a decision that holds for everybody."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from data.judgements.event import Event
from data.judgements.resolve import Resolved
from data.store.candidates.neighbours import Around, Place
from data.store.candidates.offers import Asker
from data.store.deadline import set_deadline
from data.store.queue_items import Reason
from serve.api.about import known_codebook
from serve.page.answering import store_answer
from serve.page.errors import PageRoute
from serve.page.queue import answer_row
from serve.page.rendering import html_page
from serve.page.statement_form import annotator_of
from serve.page.view import letters
from serve.service import service_of

_LIMIT = 20
_CONTEXT = 2


@dataclass(frozen=True)
class Conflict:
    """One sentence that annotators are divided about, as it is shown."""

    item: str
    text: str
    doc: str | None
    n: int | None
    disputed: tuple[str, ...]
    votes: tuple[Event, ...]
    before: list[str]
    after: list[str]
    reason: str = str(Reason.DISPUTED)


def conflict_pages() -> APIRouter:
    """The routes of conflicts."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)
    pages.add_api_route("/conflicts", begin, methods=["GET"])
    pages.add_api_route("/conflicts", decide, methods=["POST"])
    return pages


async def begin(request: Request) -> Response:
    """Ask who decides: conflicts that somebody is a party to are not for them."""
    return html_page("conflicts.html", request, conflicts=None, annotator="")


async def decide(request: Request) -> Response:
    """Store the decision that came, if one did, and show the conflicts that are left."""
    async with request.form(max_files=0, max_fields=40) as form:
        annotator = annotator_of(request, form)
        row = answer_row(form, annotator, act="adjudicate")
    if row:
        await store_answer(request, row)
    conflicts = await _conflicts(request, annotator)
    return html_page(
        "conflicts.html",
        request,
        conflicts=conflicts,
        annotator=annotator,
        codebook=known_codebook(),
        letters_of=letters,
    )


async def _conflicts(request: Request, annotator: str) -> list[Conflict]:
    service = service_of(request.app)

    def found() -> list[Conflict]:
        store = service.annotations()
        held = store.offers.disputed(Asker(annotator or None, 1, datetime.now(UTC)), _LIMIT)
        around = store.neighbours.around(filter(None, map(_place, held)), _CONTEXT)
        return [_conflict(each, around) for each in held]

    set_deadline(service.limits.seconds)
    return await asyncio.to_thread(found)


def _place(held: Resolved) -> Place | None:
    of = held.origin
    return (of.doc, of.n) if of.doc and of.n is not None else None


def _conflict(held: Resolved, around: Mapping[Place, Around]) -> Conflict:
    place, of, disputed = _place(held), held.origin, tuple(map(str, held.disputed))
    before, after = around[place] if place else ([], [])
    return Conflict(held.item, of.text, of.doc, of.n, disputed, held.judgements, before, after)
