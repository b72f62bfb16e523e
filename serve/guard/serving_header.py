"""The version of the model in service on every answer: pages learn of a swap without asking."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve.service import service_of

HEADER = "Demarche-Model"


class ServingHeader:
    """ASGI middleware: adds the header, while a model is loaded."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with its header."""
        scoring = service_of(scope["app"]).scoring if scope["type"] == "http" else None
        if scoring is None:
            await self._app(scope, receive, send)
            return
        version = scoring.inference.manifest.version

        async def send_with_header(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = version
            await send(message)

        await self._app(scope, receive, send_with_header)
