"""Load shedding: reject by Content-Length when the backlog is full, before reading the body.

At three times the load that can be served, two of three requests are refused. Reading, parsing and
checking them first would take the time in which others are scored.
"""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from serve.service import service_of

_PATH = "/v1/classify"


class LoadShedding:
    """ASGI middleware: refuses a request to classify that the backlog could not take.

    It counts a byte as a character, so a text with many escapes is refused a little sooner.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or raise Overloaded."""
        if scope["type"] == "http" and scope["path"] == _PATH and scope["method"] == "POST":
            scoring = service_of(scope["app"]).scoring
            length = Headers(scope=scope).get("content-length", "")
            if scoring and length.isdecimal():
                scoring.inference.check_capacity(int(length))
        await self._app(scope, receive, send)
