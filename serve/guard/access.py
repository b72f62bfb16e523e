"""Who may call what: API keys with scopes, and a rate for each. Unknown paths need a key too.

Scripts send the key; browsers have a session that stands for one.
"""

from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from serve.guard.key_file import KeySource
from serve.guard.keys import Key
from serve.guard.keys import Scope as KeyScope
from serve.guard.metrics_port import is_scrape
from serve.guard.paths import PROBES, SIGN_IN, is_page
from serve.guard.rate import RateLimit
from serve.guard.sessions import Sessions, token_of
from serve.refusals import Forbidden, Unauthorised
from serve.telemetry.request_record import record_of

# Pages hold nothing that is not in the repository; what they call needs a key.
_OPEN = (*PROBES, "/docs", "/openapi.json", *SIGN_IN)
_OPEN_FOLDERS = ("/static-offline-docs/", "/static/")
# The first that fits decides. Unlisted paths: any key may read them; writing needs an admin key, so
# that a route that was forgotten here is closed, not open.
_SCOPES = (
    ("POST", "/v1/classify", KeyScope.CLASSIFY),
    ("POST", "/read", KeyScope.CLASSIFY),
    ("", "/queue", KeyScope.ANNOTATE),
    ("", "/conflicts", KeyScope.ANNOTATE),
    ("POST", "/models", KeyScope.ADMIN),
    ("POST", "/v1/models/", KeyScope.ADMIN),
    ("", "/v1/annotations", KeyScope.ANNOTATE),
    ("", "/v1/queue", KeyScope.ANNOTATE),
)


class Access:
    """ASGI middleware: lets through who may, before anything of the body is read."""

    def __init__(
        self, app: ASGIApp, *, keys: KeySource, sessions: Sessions, rate: RateLimit
    ) -> None:
        self._app, self._keys, self._sessions, self._rate = app, keys, sessions, rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or raise Unauthorised, Forbidden or RateLimited."""
        if scope["type"] == "http" and not is_scrape(scope):
            record_of(scope).needs_key = True
            if not _is_open(scope):
                try:
                    self._let_in(scope)
                except Unauthorised:
                    if not is_page(scope):
                        raise
                    away = f"/session?next={quote(scope['path'])}"
                    await RedirectResponse(away, 303)(scope, receive, send)
                    return
        await self._app(scope, receive, send)

    def _let_in(self, scope: Scope) -> None:
        key = self._caller(HTTPConnection(scope))
        record = record_of(scope)
        record.key, record.scopes = key.name, key.scopes
        self._check(key, scope["method"], scope["path"])
        self._rate.take(key.name)

    def _caller(self, request: HTTPConnection) -> Key:
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        if scheme:
            key = self._keys().find(secret.strip()) if scheme.lower() == "bearer" else None
        else:
            token = token_of(request)
            key = self._sessions.find(token) if token else None
        if key is None:
            raise Unauthorised("send a key that is known here as Authorization: Bearer KEY")
        return key

    def _check(self, key: Key, method: str, path: str) -> None:
        needed = _needed(method, path)
        if needed and needed not in key.scopes:
            raise Forbidden(f"this needs a key with the scope {needed}")


def _needed(method: str, path: str) -> KeyScope | None:
    for of_method, prefix, needed in _SCOPES:
        if method.startswith(of_method) and path.startswith(prefix):
            return needed
    return None if method in ("GET", "HEAD") else KeyScope.ADMIN


def _is_open(scope: Scope) -> bool:
    path: str = scope["path"]
    if path == "/":  # a page for browsers; for others only the way to the documentation
        return not is_page(scope)
    return path in _OPEN or path.startswith(_OPEN_FOLDERS)
