"""An engine that stands still is given up; a process that stood still with it is not."""

import pytest

from serve.refusals import EngineUnhealthy
from serve.scoring.backlog import Backlog
from serve.scoring.throughput import Throughput
from serve.scoring.watchdog import HealthState, Watchdog
from serve.scoring.worker_pool import WorkerPool
from tests.fakes import ManualClock

PATIENCE = 10.0


class Engine(WorkerPool):
    """Healthy until it has been quiet for PATIENCE seconds."""

    last_progress = 0.0

    def __init__(self, clock: ManualClock) -> None:
        self._clock, self.last_progress = clock, clock()

    @property
    def healthy(self) -> bool:
        return self._clock() - self.last_progress <= PATIENCE


class Bench:
    """A watchdog that is called by hand, and what it watches."""

    def __init__(self) -> None:
        self.clock, self.health = ManualClock(), HealthState(started=True)
        self.engine = Engine(self.clock)
        self.backlog = Backlog(Throughput(100.0), seconds=1, requests=9, clock=self.clock)
        self.watchdog = Watchdog(self.engine, self.backlog, self.health, awake=self.clock)

    def run(self, seconds: int, *, progress: bool) -> None:
        for _ in range(seconds):
            if progress:
                self.engine.last_progress = self.clock()
            self.watchdog.check()
            self.clock.advance(1)


def test_an_engine_that_is_quiet_too_long_is_given_up():
    bench = Bench()

    bench.run(10, progress=False)
    assert not bench.health.hung
    bench.run(3, progress=False)

    assert bench.health.hung
    with pytest.raises(EngineUnhealthy):
        bench.backlog.admit(tokens=1, deadline=0)


@pytest.mark.parametrize("stall", [11, 14, 60, 3600])
def test_a_stall_of_the_whole_process_is_forgiven(stall: int):
    bench = Bench()
    bench.run(5, progress=True)

    bench.clock.advance(stall)  # SIGSTOP, and SIGCONT
    bench.watchdog.check()
    assert not bench.health.hung
    bench.run(20, progress=True)

    assert not bench.health.hung


def test_stalls_in_a_row_are_all_forgiven():
    bench = Bench()
    bench.run(1, progress=True)
    for _ in range(5):
        bench.clock.advance(14)
        bench.run(2, progress=False)

    assert not bench.health.hung


def test_an_engine_that_is_still_quiet_after_a_stall_is_given_up_then():
    bench = Bench()
    bench.run(2, progress=True)
    bench.clock.advance(14)

    bench.run(13, progress=False)
    assert not bench.health.hung
    bench.run(3, progress=False)

    assert bench.health.hung
