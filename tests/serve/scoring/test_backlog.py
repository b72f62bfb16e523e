"""Admission, order and deadlines, without threads and on a clock moved by hand."""

import gc
import weakref
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serve.refusals import DeadlineExceeded, EngineUnhealthy, Overloaded
from serve.scoring.backlog import Backlog
from serve.scoring.job import Job
from serve.scoring.length_buckets import LengthBuckets
from serve.scoring.throughput import Throughput
from tests.fakes import FakeClassifier, ManualClock

MODEL = FakeClassifier()


def make_backlog(clock: ManualClock, *, seconds: float = 2.0, requests: int = 8) -> Backlog:
    """A backlog that may hold 100 tokens for every second."""
    return Backlog(Throughput(100.0), seconds=seconds, requests=requests, clock=clock)


def admit(backlog: Backlog, *lengths: int, deadline: float = 1e9, model: Any = MODEL) -> Job:
    job = backlog.admit(tokens=sum(lengths), deadline=deadline)
    backlog.enqueue(job, model, [[7] * length for length in lengths])
    return job


def taken(backlog: Backlog) -> list[tuple[Job, list[int]]]:
    batch = backlog.take_batch()
    return [(part.job, part.rows) for part in batch.slices]


def test_the_oldest_goes_first_and_takes_those_of_its_length_along():
    backlog = make_backlog(ManualClock())
    first, second, third = admit(backlog, 10, 30, 16), admit(backlog, 30), admit(backlog, 12)

    assert taken(backlog) == [(first, [0, 2]), (third, [0])]
    assert taken(backlog) == [(first, [1]), (second, [0])]
    assert backlog.take_batch() is None


def test_a_batch_holds_what_the_model_s_budget_allows_with_padding():
    backlog = make_backlog(ManualClock(), seconds=1e6)
    job, late = admit(backlog, *[250] * 5), admit(backlog, 256)

    assert taken(backlog) == [(job, [0, 1, 2, 3])]
    assert taken(backlog) == [(job, [4]), (late, [0])]


def test_a_window_over_the_budget_goes_alone():
    backlog = make_backlog(ManualClock(), seconds=1e6)
    job = admit(backlog, 2_000, 2_000)

    assert taken(backlog) == [(job, [0])]
    assert taken(backlog) == [(job, [1])]


def test_a_batch_holds_windows_of_one_model():
    backlog, other = make_backlog(ManualClock()), FakeClassifier()
    old, new, late = admit(backlog, 5), admit(backlog, 5, model=other), admit(backlog, 5)

    assert taken(backlog) == [(old, [0]), (late, [0])]
    assert taken(backlog) == [(new, [0])]


def test_beyond_the_seconds_of_work_a_request_is_refused_whole_with_a_time_to_come_back():
    backlog = make_backlog(ManualClock(), seconds=2.0)
    admit(backlog, 150)

    with pytest.raises(Overloaded) as refused:
        admit(backlog, 40, 11)

    assert refused.value.retry_after in (1, 2)
    assert (backlog.tokens, backlog.requests) == (150, 1)
    admit(backlog, 50)


def test_a_request_is_always_admitted_when_nothing_is_waiting():
    backlog = make_backlog(ManualClock(), seconds=0.1)

    assert admit(backlog, 5_000).tokens_left == 5_000


def test_more_requests_than_allowed_are_refused_however_small():
    backlog = make_backlog(ManualClock(), requests=2)
    admit(backlog, 1)
    admit(backlog, 1)

    with pytest.raises(Overloaded):
        admit(backlog, 1)


def test_one_that_is_cancelled_no_longer_counts_and_is_never_taken():
    backlog = make_backlog(ManualClock())
    gone, stays = admit(backlog, 100), admit(backlog, 100)

    gone.future.cancel()

    assert (backlog.tokens, backlog.requests, backlog.windows) == (100, 1, 1)
    assert taken(backlog) == [(stays, [0])]


def test_one_that_is_cancelled_before_it_is_loaded_is_never_queued():
    backlog = make_backlog(ManualClock())
    job = backlog.admit(tokens=10, deadline=1e9)
    job.future.cancel()

    backlog.enqueue(job, MODEL, [[7] * 10])

    assert (backlog.tokens, backlog.windows, backlog.take_batch()) == (0, 0, None)


class Leaving(Future):
    """Of a client that leaves just after it was seen to be there."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    def done(self) -> bool:
        self.looks += 1
        return self.looks > 1


def test_one_that_leaves_while_it_is_taken_makes_no_empty_batch():
    buckets = LengthBuckets()
    job = Job(tokens=10, deadline=1e9)
    job.set_windows(MODEL, [[7] * 10], now=0.0)
    buckets.add(job)
    job.future = Leaving()

    assert buckets.take_batch() is None


def test_past_its_deadline_a_request_fails_and_is_not_computed():
    clock = ManualClock()
    backlog = make_backlog(clock)
    late, in_time = admit(backlog, 10, deadline=105.0), admit(backlog, 10, deadline=120.0)

    clock.advance(6)

    assert taken(backlog) == [(in_time, [0])]
    assert isinstance(late.future.exception(0), DeadlineExceeded)


def test_what_was_scored_no_longer_counts():
    backlog = make_backlog(ManualClock())
    admit(backlog, 30, 10)

    (part,) = backlog.take_batch().slices
    assert backlog.tokens == 40
    backlog.mark_scored(part)

    assert backlog.tokens == 10


def test_the_true_count_takes_the_place_of_the_estimate():
    backlog = make_backlog(ManualClock())
    job = backlog.admit(tokens=25, deadline=1e9)

    backlog.enqueue(job, MODEL, [[7] * 10, [7] * 30])

    assert backlog.tokens == 40


def test_a_text_that_is_not_split_yet_leaves_room_for_others():
    backlog = make_backlog(ManualClock(), seconds=2.0)
    backlog.admit(tokens=50_000, deadline=1e9)  # 500 s by its characters

    admit(backlog, 50)

    assert backlog.requests == 2


def test_a_text_that_turns_out_to_be_too_much_beside_what_waits_is_refused():
    backlog = make_backlog(ManualClock(), seconds=2.0)
    long = backlog.admit(tokens=50_000, deadline=1e9)
    waiting = admit(backlog, 50)

    backlog.enqueue(long, MODEL, [[7] * 200])

    assert isinstance(long.future.exception(0), Overloaded)
    assert (backlog.tokens, backlog.requests) == (50, 1)
    assert not waiting.future.done()


def test_a_long_text_is_taken_when_nothing_waits_for_the_engine():
    backlog = make_backlog(ManualClock(), seconds=2.0)
    long = backlog.admit(tokens=50_000, deadline=1e9)

    backlog.enqueue(long, MODEL, [[7] * 200] * 3)

    assert backlog.tokens == 600


def test_without_windows_there_is_nothing_to_wait_for():
    backlog = make_backlog(ManualClock())

    clock = ManualClock()
    clock.advance(50)
    nothing = admit(make_backlog(clock))

    assert nothing.started_at - nothing.queued_at == 0  # what the metric of waiting adds up
    assert admit(backlog).future.result(0).shape == (0, 3)
    assert backlog.requests == 0


def test_once_shut_everything_fails_and_nothing_is_admitted():
    backlog = make_backlog(ManualClock())
    job = admit(backlog, 10)

    backlog.close(lambda: EngineUnhealthy("gone"))

    assert isinstance(job.future.exception(0), EngineUnhealthy)
    with pytest.raises(EngineUnhealthy):
        admit(backlog, 10)
    assert (backlog.tokens, backlog.requests) == (0, 0)


def test_the_throughput_follows_what_is_measured():
    throughput = Throughput(1_000.0)

    for _ in range(400):
        throughput.observe(2_000, 0.5)

    assert throughput.tokens_per_second == pytest.approx(4_000, rel=0.01)


@given(
    st.lists(
        st.tuples(st.sampled_from("admit take score cancel expire".split()), st.integers(0, 9)),
        max_size=60,
    )
)
def test_whatever_happens_the_count_is_that_of_the_open_requests(events: list[tuple[str, int]]):
    clock = ManualClock()
    backlog, jobs, slices = make_backlog(clock, seconds=1e6, requests=1_000), [], []
    for what, n in events:
        if what == "admit":
            jobs.append(admit(backlog, *range(1, 3 * n + 1, 3), deadline=clock() + n))
        elif what == "take" and (batch := backlog.take_batch()):
            slices += batch.slices
        elif what == "score" and slices:
            part = slices.pop(n % len(slices))
            backlog.mark_scored(part)
            part.job.add_logits(part.rows, MODEL.logits(part.windows))
        elif what == "cancel" and jobs:
            jobs[n % len(jobs)].future.cancel()
        else:
            clock.advance(n)
            backlog.expire()

    assert backlog.tokens == sum(job.tokens_left for job in jobs if not job.future.done())
    assert backlog.requests == sum(not job.future.done() for job in jobs)
    for job in jobs:
        job.future.cancel()
    assert (backlog.tokens, backlog.requests, backlog.windows) == (0, 0, 0)


def test_an_answered_job_lets_go_of_its_model_at_once():
    backlog, model = make_backlog(ManualClock()), FakeClassifier()
    job, held = admit(backlog, 10, model=model), weakref.ref(model)
    (part,) = backlog.take_batch().slices
    gc.disable()  # what needs the collector may wait for minutes
    try:
        job.resolve(np.zeros((1, 3), np.float32))
        del job, part, model
        assert held() is None
    finally:
        gc.enable()
