"""Turns an engine that makes no progress into failed requests, failing probes and an exit."""

import asyncio
import time
from dataclasses import dataclass

import structlog

from serve.refusals import EngineUnhealthy
from serve.scoring.backlog import Backlog
from serve.scoring.throughput import Clock
from serve.scoring.worker_pool import Batcher

_EVERY_SECONDS = 1.0

_log = structlog.stdlib.get_logger()


@dataclass
class Vitals:
    """What the probes say, and what makes the server leave.

    Attributes:
        started: the model is loaded and gave its golden scores.
        draining: the service was told to stop.
        hung: the engine is given up.
    """

    started: bool = False
    draining: bool = False
    hung: bool = False

    @property
    def ready(self) -> bool:
        """Whether new requests should come here; busy is not unready."""
        return self.started and not (self.draining or self.hung)


class Watchdog:
    """Looks at the engine once a second.

    A watchdog that itself comes late was stopped, and the engine with it: by SIGSTOP, a container
    that was paused, a frozen machine, a lack of memory. Such a stall says nothing about the engine,
    which gets as long again before it is given up.

    Args:
        awake: seconds of a clock that nothing but time moves; lateness is told by it.
    """

    def __init__(
        self, batcher: Batcher, backlog: Backlog, vitals: Vitals, *, awake: Clock = time.monotonic
    ) -> None:
        self._batcher, self._backlog, self._vitals = batcher, backlog, vitals
        self._awake = awake
        self._due: float | None = None
        self._forgiven_until = 0.0

    def check(self) -> None:
        """Fail what is overdue; give the engine up if it makes no progress."""
        self._forgive()
        self._backlog.expire()
        if self._batcher.healthy or self._vitals.hung or self._awake() < self._forgiven_until:
            return
        self._vitals.hung = True
        _log.critical("engine_hung", requests=self._backlog.requests)
        self._backlog.shut(
            lambda: EngineUnhealthy("the engine makes no progress: try again", retry_after=5)
        )

    def _forgive(self) -> None:
        now = self._awake()
        late = 0.0 if self._due is None else max(0.0, now - self._due)
        if late > _EVERY_SECONDS:
            self._forgiven_until = now + late
            _log.warning("stalled", seconds=round(late, 1))
        self._due = now + _EVERY_SECONDS

    async def run(self) -> None:
        """Check until cancelled."""
        while True:
            self.check()
            await asyncio.sleep(_EVERY_SECONDS)
