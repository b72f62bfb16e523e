"""How long the store may take: until a moment that whoever asks has set, for all that is done.

A request that is refused because the database did not answer must not be done later. So the time is
looked at on this side, by the thread that would commit: before a transaction begins, while it waits
and just before its commit. Once a commit is under way its outcome is waited for.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from model.errors import StoreError

# seconds for another process that is writing, where no deadline is set
LONGEST_WAIT = 30.0

_deadline: ContextVar[float | None] = ContextVar("store_deadline", default=None)


def set_deadline(seconds: float) -> None:
    """Let everything that this context does with a store end within so many seconds."""
    _deadline.set(time.monotonic() + seconds)


@contextmanager
def without_deadline() -> Iterator[None]:
    """Wait for what can no longer be taken back."""
    token = _deadline.set(None)
    try:
        yield
    finally:
        _deadline.reset(token)


def seconds_left() -> float:
    """Tell how long a wait for the store may last now, 0 or more."""
    deadline = _deadline.get()
    if deadline is None:
        return LONGEST_WAIT
    return min(LONGEST_WAIT, max(0.0, deadline - time.monotonic()))


def check_deadline() -> None:
    """Raise StoreError if it is over; what was done in the transaction is then undone."""
    if seconds_left() <= 0:
        raise StoreError("the database did not answer in time: nothing was changed")
