"""Work that was admitted and is not scored yet: limited in seconds of work, oldest first."""

from collections.abc import Callable
from functools import partial
from threading import Condition

from serve.clock import Clock
from serve.refusals import DeadlineExceeded, Refusal, overloaded
from serve.scoring.job import Batch, Job, JobSlice, Reader, work
from serve.scoring.length_buckets import LengthBuckets
from serve.scoring.throughput import Throughput

# Of the seconds that may wait: two texts can be prepared while short requests come and go.
_ESTIMATED_SHARE = 0.3
_TOO_MUCH = "more work than can be done in time: send less, or Accept: application/x-ndjson"


class Backlog:
    """Admits requests and hands their windows to the workers. Safe to use from any thread.

    Args:
        throughput: how many tokens a second the engine scores.
        seconds: of work that may wait. A request that would make it more is refused; a request is
            always admitted when nothing is waiting.
        requests: how many requests may be admitted and unanswered at once.
    """

    def __init__(
        self, throughput: Throughput, *, seconds: float, requests: int, clock: Clock
    ) -> None:
        self._throughput, self._seconds, self._requests = throughput, seconds, requests
        self._clock = clock
        self._changed = Condition()
        self._open: dict[int, Job] = {}
        self._waiting: dict[int, Job] = {}
        self._buckets = LengthBuckets()
        self._tokens = self._parts = 0
        self._refusal: Callable[[], Refusal] | None = None
        self._finishing = False

    @property
    def tokens(self) -> int:
        """Tokens admitted and not scored yet."""
        return self._tokens

    @property
    def windows(self) -> int:
        """Windows that wait for the engine."""
        with self._changed:
            return sum(len(job.windows) - job.windows_taken for job in self._waiting.values())

    @property
    def requests(self) -> int:
        """Requests admitted and not answered yet."""
        return len(self._open) - self._parts

    @property
    def seconds(self) -> float:
        """Seconds that the engine needs for all of it."""
        return self._throughput.seconds_for(self._tokens)

    @property
    def waiting_since(self) -> float | None:
        """When the oldest waiting windows entered the backlog; None if none wait."""
        with self._changed:
            return next((job.queued_at for job in self._waiting.values()), None)

    def admit(self, *, tokens: int, deadline: float) -> Job:
        """Admit a request of about `tokens`, as a whole.

        Raises:
            Overloaded: with the seconds after which it should be possible.
            Refusal: the one that `close` was given.
        """
        with self._changed:
            self.check_capacity(tokens)
            tokens = min(tokens, self._most_estimated)
            self._tokens += tokens
            return self._opened(Job(tokens=tokens, deadline=deadline))

    def admit_part(self, whole: Job, *, tokens: int, deadline: float) -> Job:
        """Admit a part of a whole, whose tokens count already; raises what `close` was given."""
        with self._changed:
            self._check_open()
            moved = min(tokens, whole.tokens_left)
            whole.tokens_left -= moved
            return self._opened(Job(tokens=moved, deadline=deadline, part=True))

    def admit_again(self, first: Job) -> Job:
        """Admit the second reading of a request, which was let in with it; raises as admit_part."""
        with self._changed:
            self._check_open()
            job = Job(tokens=0, deadline=first.deadline, part=first.part)
            job.number = first.number
            return self._opened(job)

    def check_capacity(self, tokens: int) -> None:
        """Raise what `admit` would raise now for a request of so many tokens."""
        self._check_open()
        needed = self._throughput.seconds_for(min(tokens, self._most_estimated))
        fits = self.seconds + needed <= self._seconds
        if self._open and not (fits and self.requests < self._requests):
            raise overloaded(self.seconds)

    def enqueue(self, job: Job, model: Reader, windows: list[list[int]]) -> None:
        """Let the windows of an admitted job wait for the engine, unless it was cancelled.

        A job that could not be finished in time, or that turns out to be too much beside what
        waits, fails at once.
        """
        with self._changed:
            if job.future.done():
                return
            self._tokens -= job.tokens_left
            job.set_windows(model, windows, now=self._clock())
            self._tokens += job.tokens_left
            if job.queued_at + self._throughput.seconds_for(job.tokens_left) > job.deadline:
                job.resolve(DeadlineExceeded(_TOO_MUCH))
            elif self._waiting and not job.was_let_in and self.seconds > self._seconds:
                job.resolve(overloaded(self.seconds))  # it is more than was estimated
            elif windows:
                self._waiting[id(job)] = job
                self._changed.notify(self._buckets.add(job))

    def take_batch(self) -> Batch | None:
        """Take the oldest window and others that may share its batch; None if nothing waits."""
        self.expire()
        with self._changed:
            batch = self._buckets.take_batch()
            for part in batch.slices if batch else ():
                job = part.job
                job.started_at = job.started_at or self._clock()
                job.windows_taken += len(part.rows)
                if job.windows_taken == len(job.windows):
                    del self._waiting[id(job)]
            if self._waiting:  # a long job of one length wakes one worker: there is work for more
                self._changed.notify()
            return batch

    def mark_scored(self, part: JobSlice) -> None:
        """Subtract the tokens of windows that were scored."""
        with self._changed:
            if not part.job.future.done():
                model, left = part.job.model, part.job.tokens_left
                scored = min(left, work(model, part.windows)) if model else 0
                part.job.tokens_left -= scored
                self._tokens -= scored

    def expire(self) -> None:
        """Fail every request that is past its deadline, waiting or being scored."""
        now = self._clock()
        for job in list(self._open.values()):
            if job.deadline < now:
                job.resolve(DeadlineExceeded("the answer did not come in time: send less"))

    def close(self, refusal: Callable[[], Refusal]) -> None:
        """Fail every request with the refusal, and refuse every later one with it."""
        with self._changed:
            self._refusal = refusal
        for job in list(self._open.values()):
            job.resolve(refusal())

    def finish(self) -> None:
        """Make `wait` return False as soon as nothing waits."""
        with self._changed:
            self._finishing = True
            self._changed.notify_all()

    def wait(self) -> bool:
        """Wait until windows wait for the engine; False if none do and `finish` was called."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._waiting) or self._finishing)
            return bool(self._waiting)

    @property
    def _most_estimated(self) -> int:
        """The most tokens that a text counts for until it is split: it may not lock others out."""
        return 1 + self._throughput.tokens_in(_ESTIMATED_SHARE * self._seconds)

    def _check_open(self) -> None:
        if self._refusal:
            raise self._refusal()

    def _opened(self, job: Job) -> Job:
        self._open[id(job)] = job
        self._parts += job.part
        # called once, however the future ends: the only place where a job leaves the backlog
        job.future.add_done_callback(partial(self._remove, id(job)))
        return job

    def _remove(self, number: int, _: object) -> None:
        # by number: a future keeps its callbacks, and a job in one would keep itself and its model
        with self._changed:
            job = self._open.pop(number)
            self._parts -= job.part
            self._waiting.pop(number, None)
            self._tokens -= job.tokens_left
            job.tokens_left = 0
            if not self._waiting:  # entries of answered jobs would keep their model in memory
                self._buckets = LengthBuckets()
