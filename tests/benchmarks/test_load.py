"""What is asked of a server when, and how its answers are summed up."""

import os
import statistics
from itertools import pairwise

import pytest

from benchmarks.measure.process import Sample, growth, sample, settled
from benchmarks.measure.sentences import spread, statements
from benchmarks.servers.replies import BROKEN, Reply, arrivals, summarise


def test_arrivals_are_as_many_and_as_irregular_as_strangers():
    times = arrivals(50, 200, seed=3)
    gaps = [after - before for before, after in pairwise(times)]

    assert times == sorted(times)
    assert 0 < times[0] < times[-1] < 200
    assert len(times) == pytest.approx(10_000, rel=0.05)
    # of an exponential distribution the deviation is the mean
    assert statistics.stdev(gaps) == pytest.approx(statistics.fmean(gaps), rel=0.05)


def test_arrivals_are_the_same_in_every_run():
    assert arrivals(10, 5, seed=1) == arrivals(10, 5, seed=1) != arrivals(10, 5, seed=2)


def test_a_sample_has_the_lengths_of_the_whole():
    positions = spread(1000, 100, seed=5)

    assert len(set(positions)) == 100
    assert [p // 10 for p in sorted(positions)] == list(range(100))
    assert positions != sorted(positions)


def test_more_than_there_is_repeats_all_of_it():
    assert sorted(set(spread(10, 40, seed=0))) == list(range(10))


def test_statements_are_whole():
    assert statements(list("abcdefg"), sentences=3) == [["a", "b", "c"], ["d", "e", "f"]]


def test_goodput_counts_what_was_answered_until_the_last_answer():
    replies = [
        Reply(200, 0.0, 1.0),
        Reply(503, 1.0, 0.01),
        Reply(200, 9.0, 3.0),
        Reply(BROKEN, 9.5, 0.1),
    ]

    phase = summarise(replies, 10)

    assert phase.offered == 0.4
    assert phase.answered == pytest.approx(2 / 12)
    assert (phase.refused, phase.latencies, phase.broken) == ([0.01], [1.0, 3.0], 1)


def test_growth_is_that_after_the_first_third():
    samples = [Sample(m, 100.0 if m < 4 else 200 + m, 10, 5) for m in range(13)]

    assert settled(samples)[0].minutes == 4
    assert growth(samples) == pytest.approx(60)
    assert growth(samples[:1]) == 0


def test_a_process_is_looked_at_while_it_runs():
    held = sample(os.getpid(), 1.5)

    assert held.mebibytes > 1
    assert held.files > 2
    assert held.threads >= 1
