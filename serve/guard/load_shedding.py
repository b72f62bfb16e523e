"""Refusing at the door what the line before the engine could not take anyway.

Under three times the load that can be served, two of three requests are refused. Reading, parsing
and checking each of them first takes the time in which others are scored.
"""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from serve.scoring.inference import Inference

_PATH = "/v1/classify"


class Room:
    """ASGI middleware: judges by the length that the body says it has, before any of it is read.

    A byte counts as a character, so that a text with many escapes is refused a little sooner.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or raise Overloaded."""
        if scope["type"] == "http" and scope["path"] == _PATH and scope["method"] == "POST":
            inference: Inference | None = scope["app"].state.inference
            length = Headers(scope=scope).get("content-length", "")
            if inference and length.isdecimal():
                inference.check_room(int(length))
        await self._app(scope, receive, send)
