"""Time, and how much work fits into it."""

from collections.abc import Callable
from threading import Lock

Clock = Callable[[], float]

_FADING = 0.98  # a step's share in the pace halves every 34 steps, some seconds of full load


class Pace:
    """How many tokens a second the engine scores, as measured lately."""

    def __init__(self, tokens_per_second: float) -> None:
        self._tokens, self._seconds = tokens_per_second, 1.0
        self._learning = Lock()

    @property
    def tokens_per_second(self) -> float:
        """Tokens over seconds, so that long steps count for more than short ones."""
        return self._tokens / self._seconds

    def observe(self, tokens: float, seconds: float) -> None:
        """Learn from one step, of whichever lane."""
        if seconds <= 0:
            return
        with self._learning:
            self._tokens = _FADING * self._tokens + tokens
            self._seconds = _FADING * self._seconds + seconds
