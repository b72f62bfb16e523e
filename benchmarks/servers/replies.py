"""The times at which an open loop sends requests, and a summary of the replies."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

BROKEN, TIMED_OUT = 0, -1


@dataclass(frozen=True)
class Reply:
    """How a request ended.

    Attributes:
        status: of HTTP, or BROKEN or TIMED_OUT.
        due: when it should have been sent, in seconds since the first.
        seconds: from then until its answer was read whole, delays of the client included.
    """

    status: int
    due: float
    seconds: float


def arrivals(rate: float, seconds: float, *, seed: int) -> list[float]:
    """Draw request times in seconds, `rate` a second on average, as a Poisson process."""
    draw = random.Random(seed)
    times, now = [], draw.expovariate(rate)
    while now < seconds:
        times.append(now)
        now += draw.expovariate(rate)
    return times


@dataclass(frozen=True)
class Phase:
    """The outcome of an open loop of statements; rates are a second, times in seconds."""

    offered: float
    answered: float
    refused: list[float]
    latencies: list[float]
    broken: int


def summarise(replies: Sequence[Reply], seconds: float) -> Phase:
    """Summarise an open loop of about `seconds`.

    Goodput is over the time until the last answer, as requests still wait when the loop ends.
    """
    good = [reply for reply in replies if reply.status == 200]
    lasted = max([seconds, *(reply.due + reply.seconds for reply in good)])
    return Phase(
        offered=len(replies) / seconds,
        answered=len(good) / lasted,
        refused=[reply.seconds for reply in replies if reply.status == 503],
        latencies=[reply.seconds for reply in good],
        broken=sum(reply.status not in (200, 503) for reply in replies),
    )
