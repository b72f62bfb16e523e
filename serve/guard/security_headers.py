"""Headers that tell browsers what an answer may be used for; on every answer, errors too."""

import base64
import hashlib
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
# Swagger UI: its own files, what its one inline script (named by its hash) asks of this service,
# and the styles and small pictures that it writes into the page.
_DOCUMENTATION_POLICY = (
    "default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_DOCUMENTATION = "/docs"
_INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)

SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),  # answers hold texts, and what they say changes
)
_CACHED_FOLDERS = ("/static-offline-docs/", "/static/")


class SecurityHeaders:
    """ASGI middleware: adds the headers that an answer does not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with its headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: list[Message] = []

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(message, cached=scope["path"].startswith(_CACHED_FOLDERS))
                if scope["path"] == _DOCUMENTATION:  # its policy depends on its body
                    start.append(message)
                    return
            if start:
                begun = start.pop()
                _allow_documentation(begun, message.get("body", b""))
                await send(begun)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _add_headers(message: Message, *, cached: bool) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in SECURITY_HEADERS:
        if not (cached and name == b"cache-control"):
            headers.setdefault(name.decode(), value.decode())


def _allow_documentation(message: Message, body: bytes) -> None:
    digests = [hashlib.sha256(script).digest() for script in _INLINE_SCRIPT.findall(body)]
    hashes = " ".join(f"'sha256-{base64.b64encode(each).decode()}'" for each in digests)
    policy = _DOCUMENTATION_POLICY.format(hashes=hashes)
    MutableHeaders(scope=message)["content-security-policy"] = policy
