"""Errors of pages, as pages: what went wrong, what was sent, and what to do now.

Those of the pages' own routes keep the text that was sent; what is refused before a route sees it
(its size, its scope, its rate) is told without reading any more of it.
"""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve.api.problems import ProblemResponse, problem_of
from serve.guard.paths import is_page
from serve.page.rendering import html_page
from serve.telemetry.request_record import record_of

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A route whose errors are pages."""

    def get_route_handler(self) -> Handler:
        """Wrap what answers, so that whatever it raises becomes a page."""
        answer = super().get_route_handler()

        async def answer_or_tell(request: Request) -> Response:
            try:
                return await answer(request)
            except Exception as error:  # noqa: BLE001 - the kinds are told apart by problem_of
                return problem_page(request, error, await _sent_text(request))

        return answer_or_tell


class PageProblems:
    """ASGI middleware: makes pages of what the guards within refuse a browser."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; what is raised once an answer has begun no page can tell."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            if begun or not is_page(scope):
                raise
            await problem_page(Request(scope), error)(scope, receive, send)


def problem_page(request: Request, error: Exception, text: str = "") -> Response:
    """Tell of an error on the page, with the text that was sent in its box."""
    record = record_of(request.scope)
    response: ProblemResponse = problem_of(error, record.request_id)
    record.code = response.code
    page = html_page(
        "problem.html",
        request,
        status=response.status_code,
        problem=json.loads(bytes(response.body)),
        text=text,
        retry_after=response.headers.get("retry-after"),
    )
    if again := response.headers.get("retry-after"):
        page.headers["Retry-After"] = again
    return page


async def _sent_text(request: Request) -> str:
    """The statement of a form that was read; "" of any other request."""
    try:
        form = await request.form(max_files=1, max_fields=40)
    except Exception:  # noqa: BLE001 - too large, cut off, no form: then there is nothing to show
        return ""
    text = form.get("text")
    return text if isinstance(text, str) else ""
