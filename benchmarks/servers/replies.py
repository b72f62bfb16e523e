"""When requests are sent in an open loop, and what their answers come to."""

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
        seconds: from then until its answer was read whole: a client that is late shows.
    """

    status: int
    due: float
    seconds: float


def arrivals(rate: float, seconds: float, *, seed: int) -> list[float]:
    """Times of requests, `rate` a second on average, as strangers send them (Poisson)."""
    draw = random.Random(seed)
    times, now = [], draw.expovariate(rate)
    while now < seconds:
        times.append(now)
        now += draw.expovariate(rate)
    return times


@dataclass(frozen=True)
class Phase:
    """What came of an open loop of statements; rates a second, times in seconds."""

    offered: float
    answered: float
    refused: list[float]
    latencies: list[float]
    broken: int


def phase_of(replies: Sequence[Reply], seconds: float) -> Phase:
    """Sum up an open loop of about that many seconds.

    Goodput counts until the last answer that was accepted: what waits at the end belongs to it.
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
