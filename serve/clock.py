"""Time as a function, so that tests can pass a clock that they move by hand."""

from collections.abc import Callable

# Returns seconds. Deadlines, rates and progress use a monotonic one.
Clock = Callable[[], float]
