"""A client that leaves stops costing: its request is cancelled wherever it is."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Disconnects:
    """ASGI middleware: once the body is read, waits for the client to leave and then cancels.

    Starlette's own check (`Request.is_disconnected`) has to be asked again and again; this waits.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; return without an answer if the client leaves meanwhile."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        watch = _Watch(receive)
        try:
            await self._app(scope, watch.receive, send)
        except asyncio.CancelledError:
            if not watch.left:
                raise
            watch.request.uncancel()
        finally:
            watch.end()


class _Watch:
    """Reads on behalf of the application and, when there is nothing more to read, for itself."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._watching: asyncio.Task[None] | None = None
        self._never = asyncio.Event()
        self.left = False
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine that runs has a task
        self.request = task

    async def receive(self) -> Message:
        """The request's next message."""
        if self._watching:
            await self._never.wait()  # or rather until the cancelling arrives
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._leave()
            await self._never.wait()
        elif not message.get("more_body"):
            self._watching = asyncio.create_task(self._wait())
        return message

    def end(self) -> None:
        """Stop waiting."""
        if self._watching:
            self._watching.cancel()

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._leave()

    def _leave(self) -> None:
        self.left = True
        self.request.cancel()
