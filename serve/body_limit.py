"""The byte cap on request bodies, enforced while they arrive.

Starlette has such a middleware, but it answers in plain text; here the refusal becomes a problem
like every other error.
"""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """ASGI middleware: reading a body of more than `max_bytes` raises HTTPException 413."""

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting its body's bytes."""
        received = 0

        async def receive_within_limit() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                raise HTTPException(
                    413, f"the body is over {self._max_bytes:,} bytes: send the text in parts"
                )
            return message

        await self._app(scope, receive_within_limit, send)
