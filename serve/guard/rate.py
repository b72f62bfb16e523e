"""How often one caller may ask: a token bucket each."""

from serve.clock import Clock
from serve.refusals import RateLimited


class RateLimit:
    """Lets every caller make `per_minute` requests a minute, a tenth of them at once."""

    def __init__(self, *, per_minute: int, clock: Clock) -> None:
        self._per_second, self._clock = per_minute / 60, clock
        self._burst = max(1.0, per_minute / 10)
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, caller: str) -> None:
        """Count one request; `caller` is one of a fixed set, so that the buckets stay few.

        Raises:
            RateLimited: with the seconds until the next one.
        """
        now = self._clock()
        left, since = self._buckets.get(caller, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._per_second)
        if left < 1:
            self._buckets[caller] = (left, now)
            raise RateLimited(
                f"over {self._per_second * 60:.0f} requests a minute: slow down",
                retry_after=int((1 - left) / self._per_second) + 1,
            )
        self._buckets[caller] = (left - 1, now)
