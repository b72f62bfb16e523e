"""Several ways of doing one thing, timed in turns, so that a slow minute hits all of them."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Clock = Callable[[], float]
# A candidate is given at least so many sentences a round, and at most so many.
_FEWEST, _MOST = 8, 8192


@dataclass(frozen=True)
class Runner:
    """One way: `run` scores about that many sentences and says how many it were.

    Its second argument is the number of the round.
    """

    name: str
    run: Callable[[int, int], int]


@dataclass(frozen=True)
class Rates:
    """Sentences a second in each round."""

    rounds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The middle round."""
        return statistics.median(self.rounds)


@dataclass(frozen=True)
class Ratio:
    """One way over another, of the same rounds: the median, the least and the greatest."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f}-{self.high:.2f})"


def ratio(rates: Rates, reference: Rates) -> Ratio:
    """Round by round, so that what slows a whole round down cancels out."""
    each = [a / b for a, b in zip(rates.rounds, reference.rounds, strict=True)]
    return Ratio(statistics.median(each), min(each), max(each))


def race(
    runners: Sequence[Runner],
    *,
    rounds: int,
    seconds: float,
    clock: Clock,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, Rates]:
    """Time every runner once a round for about `seconds`; the order turns round by round.

    A first round, which is not counted, warms up and finds how many sentences fill the time.
    """
    rates: dict[str, Rates] = {runner.name: Rates() for runner in runners}
    counts: dict[str, int] = {}
    for runner in runners:
        say(f"  warming up {runner.name}")
        timed(runner, _FEWEST, 0, clock)
        pace = timed(runner, 4 * _FEWEST, 0, clock)
        pace = timed(runner, fitting(pace, seconds / 4), 0, clock)
        counts[runner.name] = fitting(pace, seconds)
    for number in range(1, rounds + 1):
        say(f"  round {number} of {rounds}")
        for runner in turned(runners, number):
            rates[runner.name].rounds.append(timed(runner, counts[runner.name], number, clock))
    return rates


def timed(runner: Runner, count: int, number: int, clock: Clock) -> float:
    """Sentences a second over about `count` of them."""
    began = clock()
    done = runner.run(count, number)
    return done / max(clock() - began, 1e-9)


def fitting(pace: float, seconds: float) -> int:
    """How many sentences fill the time at that pace."""
    return min(max(round(pace * seconds), _FEWEST), _MOST)


def turned(runners: Sequence[Runner], number: int) -> list[Runner]:
    """Each round begins with another one, and every second round goes backwards."""
    start = number % len(runners)
    order = [*runners[start:], *runners[:start]]
    return order[::-1] if number % 2 else order


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of them do not exceed; nearest rank.

    Raises:
        ValueError: there are none.
    """
    if not values:
        raise ValueError("there is no percentile of nothing")
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def slope(times: Sequence[float], values: Sequence[float]) -> float:
    """Of the least-squares line through the points, in values a unit of time."""
    return statistics.linear_regression(times, values).slope
