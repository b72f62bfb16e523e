"""What a request body may be: so many bytes, in so much time, so deep; checked as it arrives.

Starlette has a byte cap, but it answers in plain text; here the refusal becomes a problem like
every other error.
"""

import asyncio
import re

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Exports of annotation tools nest ten deep; a parser's stack ends at about a thousand.
MAX_DEPTH = 16
# Strings whole, so that brackets in them do not count; the last one may be unfinished. The
# possessive repeats keep it linear.
_STRUCTURE = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)


class BodyLimit:
    """ASGI middleware: a body over a limit raises while it is read.

    HTTPException 413 over `max_bytes`, 400 if it nests deeper than MAX_DEPTH, 408 if it has not
    arrived after `seconds`.
    """

    def __init__(self, app: ASGIApp, *, max_bytes: int, seconds: float) -> None:
        self._app, self._max_bytes, self._seconds = app, max_bytes, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, looking at its body."""
        body = _Body(self._max_bytes)
        ends = asyncio.get_running_loop().time() + self._seconds

        async def receive_within_limits() -> Message:
            if body.complete:
                return await receive()
            message = await self._in_time(receive, ends)
            body.take(message)
            return message

        await self._app(scope, receive_within_limits, send)

    async def _in_time(self, receive: Receive, ends: float) -> Message:
        try:
            async with asyncio.timeout_at(ends):
                return await receive()
        except TimeoutError as error:
            detail = f"the body did not arrive within {self._seconds:.0f} s"
            raise HTTPException(408, detail, {"Connection": "close"}) from error


class _Body:
    """The chunks so far."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._chunks: list[bytes] = []
        self._received = 0
        self.complete = False

    def take(self, message: Message) -> None:
        """Look at one more message; raises HTTPException."""
        self._chunks.append(chunk := message.get("body", b""))
        self._received += len(chunk)
        self.complete = not message.get("more_body")
        if self._received > self._max_bytes:
            raise HTTPException(
                413, f"the body is over {self._max_bytes:,} bytes: send the text in parts"
            )
        if self.complete and depth_over(b"".join(self._chunks), MAX_DEPTH):
            raise HTTPException(400, f"the body nests deeper than {MAX_DEPTH} levels")


def depth_over(json: bytes, most: int) -> bool:
    """Whether brackets outside of strings nest deeper than `most`; linear in the length."""
    depth = 0
    for match in _STRUCTURE.finditer(json):
        first = match.group()[:1]
        if first in b"[{":
            depth += 1
            if depth > most:
                return True
        elif first in b"]}":
            depth -= 1
    return False
