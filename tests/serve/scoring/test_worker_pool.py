"""Several workers on one backlog: with threads that wait for one another, not for time."""

import gc
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from model.engines.protocol import Logits
from model.text.tokens import TokenBatch
from serve.scoring.backlog import Backlog
from serve.scoring.job import Job
from serve.scoring.throughput import Throughput
from serve.scoring.worker_pool import WorkerPool
from tests.fakes import FakeClassifier, ManualClock, NamingEngine

WORKERS = 2


class Meeting(NamingEngine):
    """Answers once all workers are in it; fails if that takes half a minute."""

    def __init__(self) -> None:
        super().__init__()
        self.met = threading.Barrier(WORKERS)

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        self.met.wait(30)
        return super().logits(batches)


def make_backlog(clock: ManualClock) -> Backlog:
    return Backlog(Throughput(1e6), seconds=10, requests=1_000, clock=clock)


def send(backlog: Backlog, model: FakeClassifier, *texts: str) -> Job:
    job = backlog.admit(tokens=1, deadline=1e9)
    backlog.enqueue(job, model, [[ord(c) for c in text] for text in texts])
    return job


@contextmanager
def scoring(backlog: Backlog) -> Iterator[WorkerPool]:
    pool = WorkerPool(backlog, Throughput(1e6), size=WORKERS, clock=ManualClock())
    pool.start()
    yield pool
    pool.close(timeout=30)
    assert not any(worker.thread.is_alive() for worker in pool.workers)


def test_the_lengths_of_one_request_are_scored_side_by_side():
    backlog, model = make_backlog(ManualClock()), FakeClassifier(Meeting())

    with scoring(backlog):
        job = send(backlog, model, "demand", "an agreement")

        assert (job.future.result(30) > 0).tolist() == [
            [False, False, True],
            [True, False, False],
        ]


def test_whoever_answers_last_every_request_gets_its_own_and_all_of_it():
    backlog, model = make_backlog(ManualClock()), FakeClassifier()
    words = ["demand", "an agreement", "criticism of more than sixteen"]

    with scoring(backlog):
        jobs = [send(backlog, model, *words[n % 3 :], *words[: n % 3]) for n in range(300)]
        answers = [(job.future.result(30) > 0).tolist() for job in jobs]

    rows = [[False, False, True], [True, False, False], [False, True, False]]
    assert answers == [rows[n % 3 :] + rows[: n % 3] for n in range(300)]
    assert (backlog.tokens, backlog.requests, backlog.windows) == (0, 0, 0)


def test_one_worker_that_hangs_is_noticed_though_the_other_works():
    clock, gate = ManualClock(), threading.Event()

    class Hanging(NamingEngine):
        def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
            answers = super().logits(batches)
            if "HANG" in self.calls[-1][0]:
                entered.set()
                assert gate.wait(30)
            return answers

    entered = threading.Event()
    backlog, model = make_backlog(clock), FakeClassifier(Hanging())
    pool = WorkerPool(backlog, Throughput(1e6), size=WORKERS, clock=clock)
    pool.start()
    hanging = send(backlog, model, "HANG")
    assert entered.wait(30)
    clock.advance(11)

    assert send(backlog, model, "a demand").future.result(30).shape == (1, 3)

    assert not pool.healthy
    gate.set()
    assert hanging.future.result(30).shape == (1, 3)
    pool.close(timeout=30)


def test_a_worker_that_is_never_needed_is_not_hung_while_the_other_works_for_long():
    clock = ManualClock()
    backlog, model = make_backlog(clock), FakeClassifier()
    pool = WorkerPool(backlog, Throughput(1e6), size=WORKERS, clock=clock)
    busy = pool.workers[0]
    send(backlog, model, *["0123456789"] * 2_000)

    while busy.score_next():
        clock.advance(1)
        assert pool.healthy

    assert clock() > 11


def test_a_long_request_of_one_length_is_scored_by_every_worker():
    both = threading.Barrier(WORKERS)

    class Meeting(NamingEngine):
        def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
            both.wait(30)  # passes only if as many workers are here
            return super().logits(batches)

    backlog, model = make_backlog(ManualClock()), FakeClassifier(Meeting())
    pool = WorkerPool(backlog, Throughput(1e6), size=WORKERS, clock=ManualClock())
    pool.start()
    rows = model.token_budget // 16

    job = send(backlog, model, *["0123456789"] * WORKERS * rows)

    assert len(job.future.result(30)) == WORKERS * rows
    pool.close(timeout=30)


@pytest.mark.parametrize("how", ["cancelled", "scored"])
def test_an_empty_backlog_holds_no_request_and_no_model(how: str):
    backlog, model = make_backlog(ManualClock()), FakeClassifier()
    job = send(backlog, model, "demand", "an agreement")
    if how == "cancelled":
        job.future.cancel()
    while batch := backlog.take_batch():
        for part in batch.slices:
            part.job.add_logits(part.rows, model.logits(part.windows))
        del batch, part
    held: list[weakref.ref[Any]] = [weakref.ref(job), weakref.ref(model)]

    del job, model
    gc.collect()

    assert [each() for each in held] == [None, None]
