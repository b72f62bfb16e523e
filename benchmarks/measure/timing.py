"""Time several scorers in turns, so that a slow minute of the machine hits all of them."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from model.command_line import Say

Clock = Callable[[], float]
# how many sentences a scorer is given a round, at least and at most
_FEWEST, _MOST = 8, 8192


@dataclass(frozen=True)
class TimedScorer:
    """A scorer to time.

    Attributes:
        run: given a number of sentences and the number of the round, scores about that many, and
            returns how many it scored.
    """

    name: str
    run: Callable[[int, int], int]


@dataclass(frozen=True)
class Rates:
    """Sentences a second in each round."""

    rounds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median over the rounds."""
        return statistics.median(self.rounds)


@dataclass(frozen=True)
class Ratio:
    """The ratio of two scorers' rates over the same rounds: median, least and greatest."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f}-{self.high:.2f})"


def ratio(rates: Rates, reference: Rates) -> Ratio:
    """Divide round by round, so that what slows down a whole round cancels out."""
    each = [a / b for a, b in zip(rates.rounds, reference.rounds, strict=True)]
    return Ratio(statistics.median(each), min(each), max(each))


def time_in_turns(
    scorers: Sequence[TimedScorer],
    *,
    rounds: int,
    seconds: float,
    clock: Clock,
    say: Say = lambda _: None,
) -> dict[str, Rates]:
    """Time every scorer once a round for about `seconds`; the order rotates every round.

    A first, uncounted round warms up and finds how many sentences fill the time.
    """
    rates: dict[str, Rates] = {scorer.name: Rates() for scorer in scorers}
    counts: dict[str, int] = {}
    for scorer in scorers:
        say(f"  warming up {scorer.name}")
        timed(scorer, _FEWEST, 0, clock)
        rate = timed(scorer, 4 * _FEWEST, 0, clock)
        rate = timed(scorer, sentences_to_fill(rate, seconds / 4), 0, clock)
        counts[scorer.name] = sentences_to_fill(rate, seconds)
    for number in range(1, rounds + 1):
        say(f"  round {number} of {rounds}")
        for scorer in rotated(scorers, number):
            rates[scorer.name].rounds.append(timed(scorer, counts[scorer.name], number, clock))
    return rates


def timed(scorer: TimedScorer, count: int, number: int, clock: Clock) -> float:
    """Return sentences a second over about `count` of them."""
    began = clock()
    done = scorer.run(count, number)
    return done / max(clock() - began, 1e-9)


def sentences_to_fill(rate: float, seconds: float) -> int:
    """Return how many sentences fill the time at that rate, within bounds."""
    return min(max(round(rate * seconds), _FEWEST), _MOST)


def rotated(scorers: Sequence[TimedScorer], number: int) -> list[TimedScorer]:
    """Return the order of a round: each begins with another scorer, every second goes backwards."""
    start = number % len(scorers)
    order = [*scorers[start:], *scorers[:start]]
    return order[::-1] if number % 2 else order


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of them do not exceed, by nearest rank.

    Raises:
        ValueError: there are none.
    """
    if not values:
        raise ValueError("there is no percentile of nothing")
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def slope(times: Sequence[float], values: Sequence[float]) -> float:
    """Return the slope of the least-squares line, in values a unit of time."""
    return statistics.linear_regression(times, values).slope
