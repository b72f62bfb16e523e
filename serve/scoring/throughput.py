"""How fast the engine works, measured: turns tokens that wait into seconds of work."""

from threading import Lock

_DECAY = 0.98  # a batch's weight halves every 34 batches, some seconds of full load


class Throughput:
    """Tokens a second that the engine scores, a moving average of recent batches."""

    def __init__(self, tokens_per_second: float) -> None:
        self._tokens, self._seconds = tokens_per_second, 1.0
        self._updating = Lock()

    @property
    def tokens_per_second(self) -> float:
        """Tokens divided by seconds: a long batch counts for more than a short one."""
        return self._tokens / self._seconds

    def seconds_for(self, tokens: int) -> float:
        """How long the engine takes for so many tokens."""
        return tokens / self.tokens_per_second

    def tokens_in(self, seconds: float) -> int:
        """How many tokens the engine scores in so many seconds."""
        return int(seconds * self.tokens_per_second)

    def observe(self, tokens: float, seconds: float) -> None:
        """Take one batch into the average, whichever worker scored it."""
        if seconds <= 0:
            return
        with self._updating:
            self._tokens = _DECAY * self._tokens + tokens
            self._seconds = _DECAY * self._seconds + seconds
