"""Turns an engine that makes no progress into failed requests, failing probes and an exit."""

import asyncio
import time
from dataclasses import dataclass

import structlog

from serve.clock import Clock
from serve.refusals import EngineUnhealthy
from serve.scoring.backlog import Backlog
from serve.scoring.worker_pool import WorkerPool

_EVERY_SECONDS = 1.0
_STALL_SECONDS = 5.0  # told in the log; a busy machine is a second or two late

_log = structlog.stdlib.get_logger()


@dataclass
class HealthState:
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
        self,
        pool: WorkerPool,
        backlog: Backlog,
        health: HealthState,
        *,
        awake: Clock = time.monotonic,
    ) -> None:
        self._pool, self._backlog, self._health = pool, backlog, health
        self._awake = awake
        self._due: float | None = None
        self._forgiven_until = 0.0

    def check(self) -> None:
        """Fail what is overdue; give the engine up if it makes no progress."""
        self._forgive()
        self._backlog.expire()
        if self._pool.healthy or self._health.hung or self._awake() < self._forgiven_until:
            return
        self._health.hung = True
        _log.critical("engine_hung", requests=self._backlog.requests)
        self._backlog.close(
            lambda: EngineUnhealthy("the engine makes no progress: try again", retry_after=5)
        )

    def _forgive(self) -> None:
        now = self._awake()
        late = 0.0 if self._due is None else max(0.0, now - self._due)
        if late > _EVERY_SECONDS:
            self._forgiven_until = now + late
        if late > _STALL_SECONDS:
            _log.warning("stalled", seconds=round(late, 1))
        self._due = now + _EVERY_SECONDS

    async def run(self) -> None:
        """Check until cancelled."""
        while True:
            self.check()
            await asyncio.sleep(_EVERY_SECONDS)
