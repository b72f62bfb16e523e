"""Bodies of requests that offer to go on in another protocol, which is never taken up.

Some clients offer HTTP/2 with their first POST, Java's among them. The parser takes the offer for
the end of HTTP and stops after the headers; the body that follows is read by another parser.
"""

from collections.abc import Sequence
from typing import Protocol

import httptools


class BodyReader(Protocol):
    """Takes a body, piece by piece."""

    def on_body(self, body: bytes) -> None:
        """Take a piece."""
        ...

    def on_message_complete(self) -> None:
        """That was all."""
        ...


def framing_of(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """The header line that says where the body of a request ends; none if it has no body."""
    fields = dict(headers)
    if b"transfer-encoding" in fields:
        return b"Transfer-Encoding: chunked\r\n"
    length = fields.get(b"content-length", b"").strip()
    return b"Content-Length: %b\r\n" % length if length.strip(b"0") else b""


def body_parser(reader: BodyReader, framing: bytes) -> httptools.HttpRequestParser:
    """Make a parser that expects a body of that framing, and tells of it alone."""
    parser = httptools.HttpRequestParser(_BodyOnly(reader))
    parser.feed_data(b"POST / HTTP/1.1\r\n" + framing + b"\r\n")
    return parser


class _BodyOnly:
    def __init__(self, reader: BodyReader) -> None:
        self.on_body = reader.on_body
        self.on_message_complete = reader.on_message_complete
