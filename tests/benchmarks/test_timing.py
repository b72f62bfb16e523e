"""What turns measured times into figures."""

import pytest

from benchmarks.measure.timing import (
    Rates,
    TimedScorer,
    percentile,
    ratio,
    rotated,
    sentences_to_fill,
    slope,
    time_in_turns,
)
from tests.fakes import ManualClock


def working(name: str, clock: ManualClock, seconds: float, calls: list[str]) -> TimedScorer:
    """Scores a sentence in `seconds` by the clock."""

    def run(count: int, number: int) -> int:
        calls.append(f"{name}{number}")
        clock.advance(count * seconds)
        return count

    return TimedScorer(name, run)


def test_timing_in_turns_gives_the_rate_of_each():
    clock, calls = ManualClock(), list[str]()
    scorers = [working("a", clock, 0.01, calls), working("b", clock, 0.001, calls)]

    rates = time_in_turns(scorers, rounds=3, seconds=1, clock=clock)

    assert rates["a"].rounds == pytest.approx([100] * 3)
    assert rates["b"].rounds == pytest.approx([1000] * 3)


def test_every_round_has_all_and_begins_with_another():
    clock, calls = ManualClock(), list[str]()
    scorers = [working(name, clock, 0.01, calls) for name in "abc"]

    time_in_turns(scorers, rounds=3, seconds=0.1, clock=clock)

    counted = [call for call in calls if not call.endswith("0")]
    assert counted == ["a1", "c1", "b1", "c2", "a2", "b2", "c3", "b3", "a3"]


def test_what_slows_a_whole_round_cancels_out_of_a_ratio():
    fast, slow = Rates([1000, 100, 1000]), Rates([100, 10, 100])

    assert ratio(fast, slow).value == 10
    assert str(ratio(fast, slow)) == "10.00 (10.00-10.00)"


def test_a_ratio_tells_how_far_it_spread():
    found = ratio(Rates([10, 20, 40]), Rates([10, 10, 10]))

    assert (found.value, found.low, found.high) == (2, 1, 4)


def test_the_order_turns_and_every_second_round_goes_backwards():
    scorers = [TimedScorer(name, lambda count, _: count) for name in "abcd"]

    orders = ["".join(each.name for each in rotated(scorers, n)) for n in range(4)]

    assert orders == ["abcd", "adcb", "cdab", "cbad"]


@pytest.mark.parametrize(("rate", "count"), [(0.1, 8), (100, 150), (1e9, 8192)])
def test_the_time_is_filled_within_bounds(rate: float, count: int):
    assert sentences_to_fill(rate, 1.5) == count


def test_a_percentile_is_a_value_that_was_there():
    values = [float(n) for n in range(1, 101)]

    assert percentile(values, 0.5) == 51
    assert percentile(values, 0.99) == 100
    assert percentile([3.0], 0.99) == 3
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_the_slope_is_that_of_the_line():
    assert slope([0, 1, 2], [5, 7, 9]) == pytest.approx(2)
