"""What was admitted and is not scored yet: bounded by seconds of work, oldest first."""

import math
import random
from collections.abc import Callable
from threading import Condition

from serve.refusals import DeadlineExceeded, Overloaded, Refusal
from serve.scoring.job import Classifier, Piece, Step, Ticket
from serve.scoring.length_buckets import Waiting
from serve.scoring.throughput import Clock, Pace

_LONGEST_RETRY = 30


class Backlog:
    """The line before the engine. Safe to use from any thread.

    Args:
        pace: turns tokens into seconds.
        seconds: of work that may wait; a request beyond it is refused, one that finds the line
            empty never is.
        requests: that may be under way at once.
    """

    def __init__(self, pace: Pace, *, seconds: float, requests: int, clock: Clock) -> None:
        self._pace, self._seconds, self._requests = pace, seconds, requests
        self._clock = clock
        self._changed = Condition()
        self._open: dict[int, Ticket] = {}
        self._line: dict[int, Ticket] = {}
        self._waiting = Waiting()
        self._tokens = 0
        self._closed: Callable[[], Refusal] | None = None
        self._finishing = False

    @property
    def tokens(self) -> int:
        """Tokens admitted and not scored yet."""
        return self._tokens

    @property
    def windows(self) -> int:
        """Windows in the line."""
        with self._changed:
            return sum(len(each.windows) - each.taken for each in self._line.values())

    @property
    def requests(self) -> int:
        """Requests admitted and not answered yet."""
        return len(self._open)

    @property
    def seconds(self) -> float:
        """Seconds that the engine needs for all of it."""
        return self._tokens / self._pace.tokens_per_second

    @property
    def waiting_since(self) -> float | None:
        """When the oldest windows in the line joined it."""
        with self._changed:
            return next((ticket.loaded for ticket in self._line.values()), None)

    def admit(self, *, tokens: int, deadline: float) -> Ticket:
        """Admit a request of some `tokens`, all of it.

        Raises:
            Overloaded: with the seconds after which there should be room.
            Refusal: what the backlog was shut with.
        """
        with self._changed:
            self.check_room(tokens)
            ticket = Ticket(owed=tokens, deadline=deadline)
            self._open[id(ticket)] = ticket
            self._tokens += tokens
        # called once, however the future is resolved: the one place where room is given back
        ticket.future.add_done_callback(lambda _: self._forget(ticket))
        return ticket

    def check_room(self, tokens: int) -> None:
        """Raise what `admit` would raise now for a request of so many tokens."""
        if self._closed:
            raise self._closed()
        fits = self.seconds + tokens / self._pace.tokens_per_second <= self._seconds
        if self._open and not (fits and len(self._open) < self._requests):
            raise Overloaded(
                f"{self.seconds:.1f} s of work wait: try again later",
                retry_after=self._retry_after(),
            )

    def load(self, ticket: Ticket, model: Classifier, windows: list[list[int]]) -> None:
        """Put an admitted request into the line; one that was cancelled meanwhile stays out."""
        with self._changed:
            if ticket.future.done():
                return
            self._tokens -= ticket.owed
            ticket.load(model, windows, now=self._clock())
            self._tokens += ticket.owed
            if windows:
                self._line[id(ticket)] = ticket
                self._changed.notify(self._waiting.join(ticket))

    def take(self) -> Step | None:
        """Take the next batch: the oldest window, and others that may share its batch.

        None: nothing waits.
        """
        self.expire()
        with self._changed:
            step = self._waiting.take()
            for piece in step.pieces if step else ():
                ticket = piece.ticket
                ticket.started = ticket.started or self._clock()
                ticket.taken += len(piece.rows)
                if ticket.taken == len(ticket.windows):
                    del self._line[id(ticket)]
            return step

    def settle(self, piece: Piece) -> None:
        """Give back the room of windows that were scored."""
        with self._changed:
            if not piece.ticket.future.done():
                scored = sum(map(len, piece.windows))
                piece.ticket.owed -= scored
                self._tokens -= scored

    def expire(self) -> None:
        """Fail every request that is past its deadline, wherever it is."""
        now = self._clock()
        for ticket in list(self._open.values()):
            if ticket.deadline < now:
                ticket.resolve(DeadlineExceeded("the answer did not come in time: send less"))

    def shut(self, refusal: Callable[[], Refusal]) -> None:
        """Fail every request, and refuse every later one."""
        with self._changed:
            self._closed = refusal
        for ticket in list(self._open.values()):
            ticket.resolve(refusal())

    def finish(self) -> None:
        """Let `wait` end once the line is empty."""
        with self._changed:
            self._finishing = True
            self._changed.notify_all()

    def wait(self) -> bool:
        """Wait until something is in the line; False if it is empty and `finish` was called.

        One that is woken may find that another took all.
        """
        with self._changed:
            self._changed.wait_for(lambda: bool(self._line) or self._finishing)
            return bool(self._line)

    def _forget(self, ticket: Ticket) -> None:
        with self._changed:
            self._open.pop(id(ticket), None)
            self._line.pop(id(ticket), None)
            self._tokens -= ticket.owed
            ticket.owed = 0
            if not self._line:  # what still stands in it was answered, and would hold its model
                self._waiting = Waiting()

    def _retry_after(self) -> int:
        # spread by a fifth, so that those refused together do not come back together
        spread = 0.8 + 0.4 * random.random()
        return min(max(math.ceil(self.seconds * spread), 1), _LONGEST_RETRY)
