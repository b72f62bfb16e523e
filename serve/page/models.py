"""Models: which one answers since when, what the others are, and putting another into service."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse

from serve.api.dependencies import CurrentActivation, CurrentRecord
from serve.api.models import activate, history, listed, rollback
from serve.api.schemas.models import ModelChange
from serve.page.errors import PageRoute
from serve.page.rendering import html_page
from serve.page.statement_form import text_of
from serve.page.visitor import visitor_of


def model_pages() -> APIRouter:
    """The routes of models."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)
    pages.add_api_route("/models", show, methods=["GET"])
    pages.add_api_route("/models", change, methods=["POST"])
    return pages


async def show(request: Request, activation: CurrentActivation) -> Response:
    """Show every model and what happened to the live one."""
    told, past = await asyncio.gather(listed(activation), history(activation))
    live = [each for each in told.models if each.serving]
    gates = {each.after: each.gate for each in reversed(past.events) if each.gate}
    return html_page(
        "models.html",
        request,
        told=told,
        models=[*live, *(each for each in told.models if not each.serving)],
        events=past.events,
        gates=gates,
        may_change=visitor_of(request).administers and bool(told.models),
    )


async def change(
    request: Request, record: CurrentRecord, activation: CurrentActivation
) -> Response:
    """Put another model into service, or go back; a reason is wanted."""
    async with request.form(max_files=0, max_fields=10) as form:
        version, reason = text_of(form, "version"), text_of(form, "reason").strip()[:500]
    if not reason:
        fault: dict[str, Any] = {"type": "missing", "loc": ("body", "reason"), "msg": "say why"}
        raise RequestValidationError([fault])
    if version:
        await activate(version, record, activation, ModelChange(reason=reason))
    else:
        await rollback(record, activation, ModelChange(reason=reason))
    return RedirectResponse("/models", 303)
