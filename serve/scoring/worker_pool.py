"""The engine's lanes: as many threads as it takes to keep it busy, all working on one backlog."""

from collections.abc import Callable

from serve.scoring.backlog import Backlog
from serve.scoring.throughput import Clock, Pace
from serve.scoring.worker import Lane, StepReport


class Batcher:
    """Scores the backlog, batch by batch, in several lanes at once."""

    def __init__(
        self,
        backlog: Backlog,
        pace: Pace,
        *,
        lanes: int,
        clock: Clock,
        on_step: Callable[[StepReport], None] = lambda _: None,
    ) -> None:
        self._backlog = backlog
        self.lanes = [
            Lane(backlog, pace, share=1 / lanes, clock=clock, on_step=on_step) for _ in range(lanes)
        ]

    @property
    def healthy(self) -> bool:
        """False once a lane is not."""
        return all(lane.healthy for lane in self.lanes)

    @property
    def last_progress(self) -> float:
        """When the engine last answered, on the clock."""
        return max(lane.last_progress for lane in self.lanes)

    def start(self) -> None:
        """Score in threads of its own from now on."""
        for lane in self.lanes:
            lane.thread.start()

    def close(self, *, timeout: float) -> None:
        """Finish what was admitted and end the threads, those that end in time."""
        self._backlog.finish()
        for lane in self.lanes:
            if lane.thread.is_alive():
                lane.thread.join(timeout)
