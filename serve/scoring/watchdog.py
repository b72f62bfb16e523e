"""Turns an engine that makes no progress into failed requests, failing probes and an exit."""

import asyncio
from dataclasses import dataclass

import structlog

from serve.refusals import EngineUnhealthy
from serve.scoring.backlog import Backlog
from serve.scoring.worker_pool import WorkerPool

_EVERY_SECONDS = 1.0

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
    """Looks at the engine once a second."""

    def __init__(self, pool: WorkerPool, backlog: Backlog, health: HealthState) -> None:
        self._pool, self._backlog, self._health = pool, backlog, health

    def check(self) -> None:
        """Fail what is overdue; give the engine up if it makes no progress."""
        self._backlog.expire()
        if self._pool.healthy or self._health.hung:
            return
        self._health.hung = True
        _log.critical("engine_hung", requests=self._backlog.requests)
        self._backlog.close(
            lambda: EngineUnhealthy("the engine makes no progress: try again", retry_after=5)
        )

    async def run(self) -> None:
        """Check until cancelled."""
        while True:
            self.check()
            await asyncio.sleep(_EVERY_SECONDS)
