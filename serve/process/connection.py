"""One connection: uvicorn's, with the limits that it lacks.

uvicorn with httptools waits for headers without an end, takes headers of any size, and answers bad
requests and too many connections in plain text.
"""

from asyncio import AbstractEventLoop, BaseTransport, TimerHandle
from dataclasses import dataclass
from typing import Any, cast

from starlette.exceptions import HTTPException
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from serve.api.problems import problem_of

# Proxies allow headers of 8 to 16 KiB; a trace, a key and cookies stay under 4.
MAX_HEADER_BYTES = 16 * 1024


@dataclass(frozen=True)
class ConnectionLimits:
    """How many connections, and how many seconds for the headers of a request."""

    connections: int
    header_seconds: float


class _Refused(Exception):
    """The connection was refused while its headers were parsed."""


class Connection(HttpToolsProtocol):
    """Refuses a connection too many, and headers that are too slow or too large."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
        *,
        limits: ConnectionLimits,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits = limits
        self._timer: TimerHandle | None = None
        self._header_bytes = 0
        self._in_headers = True
        self._refused = False

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin to wait for headers, unless there are connections enough."""
        super().connection_made(cast(Any, transport))
        if len(self.connections) > self._limits.connections:
            self._refuse(503, "there are too many connections: try again later")
            return
        self._expect_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse, and refuse headers that have no end."""
        if self._refused:
            return
        super().data_received(data)
        if self._in_headers:
            self._header_bytes += len(data)
            if self._header_bytes > MAX_HEADER_BYTES:
                self._refuse(431, f"the headers are over {MAX_HEADER_BYTES:,} bytes")

    def on_message_begin(self) -> None:
        """Another request begins on this connection."""
        super().on_message_begin()
        self._in_headers, self._header_bytes = True, 0
        if self._timer is None:
            self._expect_headers()

    def on_headers_complete(self) -> None:
        """Headers came in time; are they small enough?"""
        self._stop_timer()
        self._in_headers = False
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > MAX_HEADER_BYTES:
            self._refuse(431, f"the headers are over {MAX_HEADER_BYTES:,} bytes")
            raise _Refused
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP request; called by the parser's caller for any error in it."""
        self._refuse(400, msg)

    def _expect_headers(self) -> None:
        self._timer = self.loop.call_later(self._limits.header_seconds, self._too_slow)

    def _too_slow(self) -> None:
        seconds = self._limits.header_seconds
        self._refuse(408, f"the headers did not arrive within {seconds:.0f} s")

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _refuse(self, status: int, detail: str) -> None:
        """Answer with a problem and close; whatever else arrives is dropped."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        self._stop_timer()
        problem = problem_of(HTTPException(status, detail))
        headers = [*problem.raw_headers, (b"connection", b"close")]
        lines = [name + b": " + value + b"\r\n" for name, value in headers]
        content = [STATUS_LINE[status], *lines, b"\r\n", bytes(problem.body)]
        self.transport.write(b"".join(content))
        self.transport.close()
