"""When a connection is read, and how long a peer may leave what was written to it unread."""

from asyncio import AbstractEventLoop, TimerHandle, Transport
from collections.abc import Callable

from uvicorn.protocols.http.flow_control import FlowControl


class Flow(FlowControl):
    """Reads no more while `held` says so, and ends a connection whose peer does not read.

    uvicorn reads on whenever an application asks whether its client has left. A client that sends
    requests behind one that is being answered could fill the memory with them.
    """

    def __init__(
        self,
        transport: Transport,
        loop: AbstractEventLoop,
        *,
        held: Callable[[], bool],
        seconds: float,
    ) -> None:
        super().__init__(transport)
        self._loop, self._held, self._seconds = loop, held, seconds
        self._timer: TimerHandle | None = None

    def resume_reading(self) -> None:
        """Read again, unless something still waits to be answered first."""
        if not self._held():
            super().resume_reading()

    def pause_writing(self) -> None:
        """Give the peer its seconds to read what was sent."""
        super().pause_writing()
        self.expect_reading()

    def resume_writing(self) -> None:
        """Write again: the peer reads."""
        self.stop()
        super().resume_writing()

    def expect_reading(self) -> None:
        """Cut the connection unless the peer takes what was sent in time, or leaves."""
        if self._timer is None:
            self._timer = self._loop.call_later(self._seconds, self._transport.abort)

    def stop(self) -> None:
        """Wait no longer."""
        if self._timer:
            self._timer.cancel()
        self._timer = None
