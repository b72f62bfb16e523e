"""Signing in and out, where keys are needed."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from serve.guard.paths import PAGES
from serve.guard.sessions import Sessions, cookie_name, is_secure, sessions_of, token_of
from serve.page.errors import PageRoute
from serve.page.rendering import html_page
from serve.page.statement_form import text_of
from serve.refusals import Unauthorised


def session_pages() -> APIRouter:
    """The routes of sessions."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)
    pages.add_api_route("/session", ask, methods=["GET"])
    pages.add_api_route("/session", sign_in, methods=["POST"])
    pages.add_api_route("/session/end", sign_out, methods=["POST"])
    return pages


async def ask(request: Request) -> Response:
    """Ask for a key."""
    _sessions(request)
    after = _page(request.query_params.get("next", ""))
    return html_page("session.html", request, after=after, wrong=False)


async def sign_in(request: Request) -> Response:
    """Begin a session. The key itself never comes back to the browser."""
    async with request.form(max_files=0, max_fields=5) as form:
        secret, after = text_of(form, "key"), _page(text_of(form, "next"))
    try:
        token = _sessions(request).begin(secret)
    except Unauthorised:
        return html_page("session.html", request, status=401, after=after, wrong=True)
    answer = RedirectResponse(after, 303)
    # Lax, so that a link from a mail opens; requests of other sites that change anything are
    # refused by their origin (serve/guard/hosts.py)
    answer.set_cookie(
        cookie_name(request),
        token,
        path="/",
        httponly=True,
        secure=is_secure(request),
        samesite="lax",
    )
    return answer


async def sign_out(request: Request) -> Response:
    """End the session here, not only in the browser."""
    _sessions(request).end(token_of(request))
    answer = RedirectResponse("/session", 303)
    answer.delete_cookie(
        cookie_name(request), path="/", httponly=True, secure=is_secure(request), samesite="lax"
    )
    return answer


def _sessions(request: Request) -> Sessions:
    found = sessions_of(request.app)
    if found is None:
        raise HTTPException(404)  # no keys are needed
    return found


def _page(path: str) -> str:
    """Where to go on: a page of this service, or the first one."""
    parts = path.split("/")
    return (
        path if len(parts) == 2 and not parts[0] and parts[1] in PAGES and path != "/read" else "/"
    )
