"""A connection's requests and answers in their order: one is answered, others may wait behind it.

uvicorn closes a connection whose peer sends no more, though the peer may wait for an answer. It
does not cancel the request under way if another stands behind it, and reads on meanwhile.
"""

from asyncio import AbstractEventLoop, BaseTransport
from collections import deque
from typing import Any, Literal, cast

from uvicorn._types import ASGI3Application
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from serve.process.backpressure import Flow
from serve.process.connection_timers import ConnectionLimits, Phase, PhaseTimer


class AnsweringProtocol(HttpToolsProtocol):
    """Keeps to the order of requests, and to the end of each peer.

    Attributes:
        reading: which part of a request comes next; "nothing" between two requests.
    """

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
        self._timers = PhaseTimer(self.loop, limits, self._phase_is_over)
        self.reading: Literal["headers", "body", "nothing"] = "headers"
        self._running: RequestResponseCycle | None = None
        self._ended = False  # the peer sends no more

    def connection_made(self, transport: BaseTransport) -> None:
        """Watch how the peer reads."""
        super().connection_made(cast(Any, transport))
        seconds = self._limits.send_seconds
        self._flow = Flow(self.transport, self.loop, held=self._is_held, seconds=seconds)
        self.flow = self._flow

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers, and tell the request under way."""
        self._timers.stop()
        self.pipeline.clear()
        super().connection_lost(exc)
        self._flow.stop()
        if self._running:  # uvicorn tells the newest request, which may stand behind this one
            self._running.disconnected = True
            self._running.message_event.set()

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn always closes
        """Keep the connection of a peer that has sent its requests and waits for the answers."""
        self._ended = True
        if self.reading == "body":  # it will never be whole
            self._drop(self.cycle)
        keep = self._is_answering() and not self.transport.is_closing()
        if keep:
            self._timers.probe(self._ask_whether_it_reads)
        return keep

    def _phase_is_over(self, phase: Phase, seconds: float) -> None:
        raise NotImplementedError

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _is_answering(self) -> bool:
        running = self._running
        return running is not None and not (running.response_complete or running.disconnected)

    def _is_held(self) -> bool:
        return bool(self.pipeline) or self._ended

    def _drop(self, cycle: RequestResponseCycle) -> None:
        """End a request whose body will not come; the application sees its client leave."""
        self.pipeline = deque(each for each in self.pipeline if each[0] is not cycle)
        cycle.disconnected = True
        cycle.message_event.set()

    def _ask_whether_it_reads(self) -> None:
        """Write to a peer that sends no more: one that has left altogether resets the connection.

        An interim answer is what every client may get at any time, and skips.
        """
        running = self._running
        if self._is_answering() and running and not running.response_started:
            if running.scope["http_version"] == "1.1":
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._timers.probe(self._ask_whether_it_reads)

    def _write_last(self, answer: bytes) -> None:
        """Write the last answer of this connection, and close it."""
        self.transport.write(answer)
        if self._ended or not self.transport.can_write_eof():
            self._close()
            return
        # what the peer has on its way is read, or its system would throw the answer away
        self.transport.write_eof()
        self.flow.resume_reading()
        self._timers.linger(self._close)

    def _close(self) -> None:
        self.transport.close()
        self._flow.expect_reading()
