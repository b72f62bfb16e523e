"""The timers of one connection: one for the phase it is in, started once for each phase."""

from asyncio import AbstractEventLoop, TimerHandle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Phase = Literal["headers", "body", "idle"]

_GRACE_SECONDS = 1.0  # after body_seconds, for the application to answer 408 itself
_LINGER_SECONDS = 1.0  # for a refused peer to read why
_PROBE_SECONDS = 0.25  # between two questions to a peer that sends no more


@dataclass(frozen=True)
class ConnectionLimits:
    """How many connections, and how many seconds for each phase of one.

    Attributes:
        header_seconds: from a request's first byte to the end of its headers.
        body_seconds: from there to the end of its body.
        keep_alive_seconds: from an answer to the next request's first byte.
        send_seconds: in which a peer has to take what was written to it.
    """

    connections: int
    header_seconds: float
    body_seconds: float
    keep_alive_seconds: float
    send_seconds: float


class PhaseTimer:
    """Calls `over` with the phase and its seconds when a phase has lasted too long."""

    def __init__(
        self,
        loop: AbstractEventLoop,
        limits: ConnectionLimits,
        over: Callable[[Phase, float], None],
    ) -> None:
        self._loop, self._over = loop, over
        self._seconds: dict[Phase, float] = {
            "headers": limits.header_seconds,
            "body": limits.body_seconds,
            "idle": limits.keep_alive_seconds,
        }
        self._entered: tuple[Phase, int] | None = None
        self._timer: TimerHandle | None = None
        self._probe: TimerHandle | None = None

    def enter(self, phase: Phase | None, message: int) -> None:
        """Say which phase of which message it is now; the same again prolongs nothing.

        None: a phase that something else ends.
        """
        entered = (phase, message) if phase else None
        if entered == self._entered:
            return
        self._cancel(self._timer)
        self._entered, self._timer = entered, None
        if phase:
            seconds = self._seconds[phase]
            later = seconds + (_GRACE_SECONDS if phase == "body" else 0)
            self._timer = self._loop.call_later(later, self._over, phase, seconds)

    def linger(self, then: Callable[[], None]) -> None:
        """Call `then` a moment later, in the place of whatever was timed."""
        self.stop()
        self._timer = self._loop.call_later(_LINGER_SECONDS, then)

    def probe(self, then: Callable[[], None]) -> None:
        """Call `then` a moment later, beside whatever is timed."""
        self._cancel(self._probe)
        self._probe = self._loop.call_later(_PROBE_SECONDS, then)

    def stop(self) -> None:
        """Call nothing any more."""
        self._cancel(self._timer)
        self._cancel(self._probe)

    def _cancel(self, timer: TimerHandle | None) -> None:
        if timer:
            timer.cancel()
