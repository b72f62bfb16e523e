"""All workers of an engine: as many threads as keep it busy, on one backlog."""

from collections.abc import Callable

from serve.clock import Clock
from serve.scoring.backlog import Backlog
from serve.scoring.throughput import Throughput
from serve.scoring.worker import PATIENCE_SECONDS, BatchReport, Worker


class WorkerPool:
    """Scores the backlog, batch by batch, in several workers at once."""

    def __init__(
        self,
        backlog: Backlog,
        throughput: Throughput,
        *,
        size: int,
        clock: Clock,
        on_batch: Callable[[BatchReport], None] = lambda _: None,
    ) -> None:
        self._backlog, self._clock = backlog, clock
        self.workers = [
            Worker(backlog, throughput, share=1 / size, clock=clock, on_batch=on_batch)
            for _ in range(size)
        ]

    @property
    def healthy(self) -> bool:
        """False as soon as one worker is not, or if none of them takes what waits."""
        if not all(worker.healthy for worker in self.workers):
            return False
        waiting_since = self._backlog.waiting_since
        if waiting_since is None or any(worker.busy for worker in self.workers):
            return True
        return self._clock() - max(waiting_since, self.last_progress) <= PATIENCE_SECONDS

    @property
    def last_progress(self) -> float:
        """When the engine last answered, on the clock."""
        return max(worker.last_progress for worker in self.workers)

    def start(self) -> None:
        """Start the workers' threads."""
        for worker in self.workers:
            worker.thread.start()

    def close(self, *, timeout: float) -> None:
        """Finish what was admitted and join the threads, each for at most `timeout` seconds."""
        self._backlog.finish()
        for worker in self.workers:
            if worker.thread.is_alive():
                worker.thread.join(timeout)
