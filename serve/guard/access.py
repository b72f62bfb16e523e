"""Who may call what: API keys with scopes, and a rate for each. Unknown paths need a key too."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from serve.guard.key_file import KeySource
from serve.guard.keys import Key
from serve.guard.keys import Scope as KeyScope
from serve.guard.metrics_port import is_scrape
from serve.guard.paths import PROBES
from serve.guard.rate import RateLimit
from serve.refusals import Forbidden, Unauthorised
from serve.telemetry.request_record import record_of

# Pages hold nothing that is not in the repository; what they call needs a key.
_OPEN = (*PROBES, "/", "/docs", "/openapi.json")
_OPEN_FOLDERS = ("/static-offline-docs/", "/static/")
# The first that fits decides. Unlisted paths: any key may read them; writing needs an admin key, so
# that a route that was forgotten here is closed, not open.
_SCOPES = (
    ("POST", "/v1/classify", KeyScope.CLASSIFY),
    ("POST", "/v1/models/", KeyScope.ADMIN),
    ("", "/v1/annotations", KeyScope.ANNOTATE),
    ("", "/v1/queue", KeyScope.ANNOTATE),
)


class Access:
    """ASGI middleware: lets through who may, before anything of the body is read."""

    def __init__(self, app: ASGIApp, *, keys: KeySource, rate: RateLimit) -> None:
        self._app, self._keys, self._rate = app, keys, rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or raise Unauthorised, Forbidden or RateLimited."""
        if scope["type"] == "http" and not (_is_open(scope["path"]) or is_scrape(scope)):
            key = self._caller(Headers(scope=scope).get("authorization", ""))
            record = record_of(scope)
            record.key, record.adjudicates = key.name, KeyScope.ADJUDICATE in key.scopes
            self._check(key, scope["method"], scope["path"])
            self._rate.take(key.name)
        await self._app(scope, receive, send)

    def _caller(self, authorization: str) -> Key:
        scheme, _, secret = authorization.partition(" ")
        key = self._keys().find(secret.strip()) if scheme.lower() == "bearer" else None
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


def _is_open(path: str) -> bool:
    return path in _OPEN or path.startswith(_OPEN_FOLDERS)
