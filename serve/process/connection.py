"""One connection: uvicorn's, with an end to everything that a peer can do on it.

Whatever bytes arrive, a connection is in one of four phases, and each of them ends: headers are
awaited for header_seconds, a body for body_seconds (also one that nobody reads any more), the next
request for keep_alive_seconds, and an answer for as long as the application's own deadlines allow.
A phase's timer is started once; bytes that do not lead to the next phase do not prolong it.

uvicorn's own timer ends at any byte. uvicorn also answers in plain text, keeps the trailers of a
chunked body without limit, and lets bytes that are no request replace the answer to the one before.
"""

from asyncio import AbstractEventLoop, BaseTransport
from typing import Any
from uuid import uuid4

import httptools
from uvicorn.config import Config
from uvicorn.server import ServerState

from serve.process.answering import AnsweringProtocol
from serve.process.connection_timers import ConnectionLimits, Phase
from serve.process.http_rules import (
    MAX_HEADER_BYTES,
    BadRequest,
    OnRefusal,
    authority_of,
    check_headers,
    refusal_bytes,
)
from serve.process.upgrade_offers import body_parser, framing_of

# Bytes parsed at once: small, so that a read of 256 KB does not become 8,000 pipelined requests.
_PIECE = 4096
_MOST_DISCARDED = 1024 * 1024  # bytes of a refused peer that are read so that it sees the answer


class _Refused(Exception):
    """The connection was refused while its headers were parsed."""


class Connection(AnsweringProtocol):
    """Refuses one connection too many, and ends each phase of the others in time."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
        *,
        limits: ConnectionLimits,
        on_refusal: OnRefusal = lambda _status, _id: None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop, limits=limits)
        self._on_refusal = on_refusal
        self._unparsed = bytearray()
        self._messages = 0
        self._undelivered, self._delivered = 0, False
        self._refusal: BadRequest | None = None
        # whether the peer speaks something else, and where a body ends that came with such an offer
        self._upgraded, self._framing = False, b""

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin to wait for headers, unless there are connections enough."""
        super().connection_made(transport)
        if len(self.connections) > self._limits.connections:
            self.refuse(BadRequest(503, "there are too many connections: try again later"))
            self.transport.close()
        self._set_timer()

    def data_received(self, data: bytes) -> None:
        """Parse what came, unless an earlier request has to be answered first."""
        if self._refusal:
            self._discard(data)
        elif not self._upgraded:
            self._unparsed += data
            self._parse()

    def on_message_begin(self) -> None:
        """Another request begins on this connection."""
        super().on_message_begin()
        if self.reading != "headers":
            self.reading, self._messages = "headers", self._messages + 1
        self._delivered = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; a trailer is none, and is dropped."""
        if self.reading == "headers":
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Start the request, or refuse what must not be read."""
        version = self.parser.get_http_version()
        if bad := check_headers(version, self.url, self.headers):
            self.refuse(bad)
            raise _Refused
        if authority := authority_of(self.url):  # it counts, and Host does not (RFC 9112, 3.2.2)
            self.headers[:] = [each for each in self.headers if each[0] != b"host"]
            self.headers.append((b"host", authority))
        # HTTP/1.0 knows no interim answers (RFC 9110, 10.1.1)
        self.expect_100_continue &= version != "1.0"
        super().on_headers_complete()
        self.reading, self._delivered = "body", True
        offered = self.parser.should_upgrade()
        self._framing = framing_of(self.headers) if offered else b""
        if self.expect_100_continue or offered:
            self.cycle.keep_alive = False  # nobody can say what the bytes after it would be

    def on_body(self, body: bytes) -> None:
        """Hand a part of the body on."""
        self._delivered = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is here, all of it."""
        if self._framing:  # the parser takes an offer for the end; its body is still to come
            return
        self.reading, self._delivered = "nothing", True
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with what waited for this answer."""
        if self._refusal and not self.pipeline:
            self._send_refusal(self._refusal)
            return
        super().on_response_complete()
        self._unset_keepalive_if_required()  # the timers here end at no byte
        self._parse()
        if self.transport.is_closing() or (self._ended and not self._is_answering()):
            self._close()

    def refuse(self, why: BadRequest) -> None:
        """Read no more; answer with a problem once the requests before are answered, and close."""
        if self._refusal or self.transport.is_closing():
            return
        self._refusal = why
        self._unparsed.clear()
        if self.reading == "body":
            if self.cycle.response_started:
                self._close()
                return
            self._drop(self.cycle)
        if not self._is_answering():
            self._send_refusal(why)

    def _discard(self, data: bytes) -> None:
        self._undelivered += len(data)
        if self._undelivered > _MOST_DISCARDED:
            self.transport.abort()

    def _parse(self) -> None:
        while self._unparsed and not (self.pipeline or self._refusal or self._upgraded):
            piece = bytes(self._unparsed[:_PIECE])
            del self._unparsed[:_PIECE]
            self._feed(piece)
        self.flow.resume_reading()
        self._set_timer()

    def _feed(self, piece: bytes) -> None:
        self._delivered = False
        try:
            self.parser.feed_data(piece)
        except httptools.HttpParserUpgrade as offer:
            self._pass_over(offer, piece)
        except httptools.HttpParserError:
            self.refuse(BadRequest(400, "this is no HTTP request"))
        # headers, trailers, the extensions of chunks, line breaks: whatever is not a body's bytes
        self._undelivered = len(piece) + (0 if self._delivered else self._undelivered)
        if self._undelivered > MAX_HEADER_BYTES:
            self.refuse(BadRequest(431, f"the headers are over {MAX_HEADER_BYTES:,} bytes"))

    def _pass_over(self, offer: httptools.HttpParserUpgrade, piece: bytes) -> None:
        """Ignore an offer of another protocol, as RFC 9110 (7.8) allows, but not its body."""
        framing, self._framing = self._framing, b""
        if framing:
            self.parser = body_parser(self, framing)
            self._unparsed[:0] = piece[offer.args[0] :]
        else:
            self._upgraded = True
            self._unparsed.clear()

    def _set_timer(self) -> None:
        phase: Phase | None = None
        if self._refusal or self.pipeline:
            phase = None  # earlier requests are answered within the application's deadlines
        elif self.reading != "nothing":
            phase = "headers" if self.reading == "headers" else "body"
        elif not self._is_answering():
            phase = "idle"
        self._timers.enter(phase, self._messages)

    def _phase_is_over(self, phase: Phase, seconds: float) -> None:
        if phase == "idle" or (phase == "body" and self.cycle.response_complete):
            self._close()
        else:
            self.refuse(BadRequest(408, f"the {phase} did not arrive within {seconds:.0f} s"))

    def _send_refusal(self, why: BadRequest) -> None:
        self._write_last(refusal_bytes(why, request_id := str(uuid4())))
        self._on_refusal(why.status, request_id)
