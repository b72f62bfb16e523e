"""Several lanes on one backlog: with threads that wait for one another, not for time."""

import gc
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from model.engines.protocol import Logits
from model.text.tokens import TokenBatch
from serve.backlog import Backlog
from serve.batching import Batcher
from serve.pace import Pace
from serve.ticket import Ticket
from tests.fakes import FakeClassifier, Hands, NamingEngine

LANES = 2


class Meeting(NamingEngine):
    """Answers once all lanes are in it; fails if that takes half a minute."""

    def __init__(self) -> None:
        super().__init__()
        self.met = threading.Barrier(LANES)

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        self.met.wait(30)
        return super().logits(batches)


def backlog(clock: Hands) -> Backlog:
    return Backlog(Pace(1e6), seconds=10, requests=1_000, clock=clock)


def send(line: Backlog, model: FakeClassifier, *texts: str) -> Ticket:
    ticket = line.admit(tokens=1, deadline=1e9)
    line.load(ticket, model, [[ord(c) for c in text] for text in texts])
    return ticket


@contextmanager
def scoring(line: Backlog) -> Iterator[Batcher]:
    batcher = Batcher(line, Pace(1e6), lanes=LANES, clock=Hands())
    batcher.start()
    yield batcher
    batcher.close(timeout=30)
    assert not any(lane.thread.is_alive() for lane in batcher.lanes)


def test_the_lengths_of_one_request_are_scored_side_by_side():
    line, model = backlog(Hands()), FakeClassifier(Meeting())

    with scoring(line):
        ticket = send(line, model, "demand", "an agreement")

        assert (ticket.future.result(30) > 0).tolist() == [
            [False, False, True],
            [True, False, False],
        ]


def test_whoever_answers_last_every_request_gets_its_own_and_all_of_it():
    line, model = backlog(Hands()), FakeClassifier()
    words = ["demand", "an agreement", "criticism of more than sixteen"]

    with scoring(line):
        tickets = [send(line, model, *words[n % 3 :], *words[: n % 3]) for n in range(300)]
        answers = [(ticket.future.result(30) > 0).tolist() for ticket in tickets]

    rows = [[False, False, True], [True, False, False], [False, True, False]]
    assert answers == [rows[n % 3 :] + rows[: n % 3] for n in range(300)]
    assert (line.tokens, line.requests, line.windows) == (0, 0, 0)


def test_one_lane_that_hangs_is_noticed_though_the_other_works():
    clock, gate = Hands(), threading.Event()

    class Hanging(NamingEngine):
        def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
            answers = super().logits(batches)
            if "HANG" in self.calls[-1][0]:
                entered.set()
                assert gate.wait(30)
            return answers

    entered = threading.Event()
    line, model = backlog(clock), FakeClassifier(Hanging())
    batcher = Batcher(line, Pace(1e6), lanes=LANES, clock=clock)
    batcher.start()
    hanging = send(line, model, "HANG")
    assert entered.wait(30)
    clock.advance(11)

    assert send(line, model, "a demand").future.result(30).shape == (1, 3)

    assert not batcher.healthy
    gate.set()
    assert hanging.future.result(30).shape == (1, 3)
    batcher.close(timeout=30)


@pytest.mark.parametrize("how", ["cancelled", "scored"])
def test_an_idle_line_holds_no_request_and_no_model(how: str):
    line, model = backlog(Hands()), FakeClassifier()
    ticket = send(line, model, "demand", "an agreement")
    if how == "cancelled":
        ticket.future.cancel()
    while step := line.take():
        for piece in step.pieces:
            piece.ticket.answer(piece.rows, model.logits(piece.windows))
        del step, piece
    held = [weakref.ref(ticket), weakref.ref(model)]

    del ticket, model
    gc.collect()

    assert [each() for each in held] == [None, None]
