"""What a request body may be: so many bytes, in so much time, so deep, of so many values.

All of it is checked as the body arrives, before it is parsed. A parser, and whatever looks at its
items one by one, holds up every other request meanwhile: a megabyte of wrong items once took 23 s.

Starlette has a byte cap, but it answers in plain text; here the refusal becomes a problem like
every other error.
"""

import asyncio
import re

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Exports of annotation tools nest ten deep; a parser's stack ends at about a thousand.
MAX_DEPTH = 16
# Values of one annotation: a judgement has 12 fields, rows of annotation tools 40. 512 of 64 values
# are parsed in 10 ms.
_VALUES_PER_ANNOTATION = 64
# A span is a list of two numbers; a sentence is one value.
_VALUES_PER_SPAN = 3
# A value has at most a string for its name, one for itself, and a comma or bracket.
_MARKS_PER_VALUE = 4
# Depth and values are those of JSON; the fields of a form are counted where it is read.
_WITHOUT_STRUCTURE = (
    "text/plain",
    "text/html",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
)
# Strings whole, so that what is in them does not count; the last one may be unfinished. The
# possessive repeats keep it linear.
_STRUCTURE = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]|,', re.DOTALL)


class BodyLimit:
    """ASGI middleware: a body over a limit raises while it is read.

    Depth and values are those of JSON; bodies of text and forms have neither.

    HTTPException 413 over `max_bytes` or `max_values`, 400 if it nests deeper than MAX_DEPTH, 408
    if it has not arrived after `seconds`, 415 if it is compressed.
    """

    def __init__(self, app: ASGIApp, *, max_bytes: int, max_values: int, seconds: float) -> None:
        self._app, self._seconds = app, seconds
        self._max_bytes, self._max_values = max_bytes, max_values

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, looking at its body."""
        if scope["type"] == "http":
            _check_encoding(Headers(scope=scope))
            self._check_length(Headers(scope=scope))
        body = _Body(self._max_bytes, self._max_values, structured=not _is_text(scope))
        ends = asyncio.get_running_loop().time() + self._seconds

        async def receive_within_limits() -> Message:
            if body.complete:
                return await receive()
            message = await self._in_time(receive, ends)
            body.take(message)
            return message

        await self._app(scope, receive_within_limits, send)

    def _check_length(self, headers: Headers) -> None:
        """Refuse a body by what it says of itself, before any of it is asked for."""
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._max_bytes:
            raise _over(self._max_bytes)

    async def _in_time(self, receive: Receive, ends: float) -> Message:
        try:
            async with asyncio.timeout_at(ends):
                return await receive()
        except TimeoutError as error:
            detail = f"the body did not arrive within {self._seconds:.0f} s"
            raise HTTPException(408, detail, {"Connection": "close"}) from error


def _is_text(scope: Scope) -> bool:
    if scope["type"] != "http":
        return False
    media_type = Headers(scope=scope).get("content-type", "").partition(";")[0]
    return media_type.strip().lower() in _WITHOUT_STRUCTURE


class _Body:
    """The chunks so far."""

    def __init__(self, max_bytes: int, max_values: int, *, structured: bool) -> None:
        self._max_bytes, self._max_values = max_bytes, max_values
        self._structured = structured
        self._chunks: list[bytes] = []
        self._received = 0
        self.complete = False

    def take(self, message: Message) -> None:
        """Look at one more message; raises HTTPException."""
        self._chunks.append(chunk := message.get("body", b""))
        self._received += len(chunk)
        self.complete = not message.get("more_body")
        if self._received > self._max_bytes:
            raise _over(self._max_bytes)
        if self.complete and self._structured:
            self._check_structure()

    def _check_structure(self) -> None:
        depth, values = measure(b"".join(self._chunks), MAX_DEPTH, self._max_values)
        if depth > MAX_DEPTH:
            raise HTTPException(400, f"the body nests deeper than {MAX_DEPTH} levels")
        if values > self._max_values:
            raise HTTPException(
                413, f"the body holds over {self._max_values:,} values: send it in parts"
            )


def _over(limit: int) -> HTTPException:
    return HTTPException(413, f"the body is over {limit:,} bytes: send the text in parts")


def most_values(annotations: int, sentences: int) -> int:
    """How many JSON values a body may have for so many annotations, or sentences, in a request."""
    return max(_VALUES_PER_ANNOTATION * (annotations + 1), _VALUES_PER_SPAN * (sentences + 1))


def _check_encoding(headers: Headers) -> None:
    if any(each.strip().lower() != "identity" for each in headers.getlist("content-encoding")):
        raise HTTPException(415, "bodies are not read compressed: send it without Content-Encoding")


def measure(json: bytes, max_depth: int, max_values: int) -> tuple[int, int]:
    """How deep brackets outside of strings nest, and how many values there are.

    Ends as soon as one of the two is over its limit. Linear in the length, and of bounded time in
    the number of values, whatever the bytes are.
    """
    depth = deepest = values = 0
    for marks, match in enumerate(_STRUCTURE.finditer(json)):
        first = match.group()[:1]
        if first in b"[{":
            depth += 1
            values += 1
            deepest = max(deepest, depth)
        elif first in b"]}":
            depth -= 1
        elif first == b",":
            values += 1
        if deepest > max_depth or values > max_values:
            break
        if marks > _MARKS_PER_VALUE * (max_values + 1):
            return deepest, max_values + 1
    return deepest, values
