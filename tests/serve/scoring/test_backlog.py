"""Admission, order and deadlines, without threads and on a clock moved by hand."""

from concurrent.futures import Future

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serve.refusals import DeadlineExceeded, EngineUnhealthy, Overloaded
from serve.scoring.backlog import Backlog
from serve.scoring.job import Ticket
from serve.scoring.length_buckets import Waiting
from serve.scoring.throughput import Pace
from tests.fakes import FakeClassifier, Hands

MODEL = FakeClassifier()


def backlog(clock: Hands, *, seconds: float = 2.0, requests: int = 8) -> Backlog:
    """One that may hold 100 tokens for every second."""
    return Backlog(Pace(100.0), seconds=seconds, requests=requests, clock=clock)


def admit(line: Backlog, *lengths: int, deadline: float = 1e9, model: object = MODEL) -> Ticket:
    ticket = line.admit(tokens=sum(lengths), deadline=deadline)
    line.load(ticket, model, [[7] * length for length in lengths])
    return ticket


def taken(line: Backlog) -> list[tuple[Ticket, list[int]]]:
    step = line.take()
    return [(piece.ticket, piece.rows) for piece in step.pieces]


def test_the_oldest_goes_first_and_takes_those_of_its_length_along():
    line = backlog(Hands())
    first, second, third = admit(line, 10, 30, 16), admit(line, 30), admit(line, 12)

    assert taken(line) == [(first, [0, 2]), (third, [0])]
    assert taken(line) == [(first, [1]), (second, [0])]
    assert line.take() is None


def test_a_batch_holds_what_the_model_s_budget_allows_with_padding():
    line = backlog(Hands(), seconds=1e6)
    ticket, late = admit(line, *[250] * 5), admit(line, 256)

    assert taken(line) == [(ticket, [0, 1, 2, 3])]
    assert taken(line) == [(ticket, [4]), (late, [0])]


def test_a_window_over_the_budget_goes_alone():
    line = backlog(Hands(), seconds=1e6)
    ticket = admit(line, 2_000, 2_000)

    assert taken(line) == [(ticket, [0])]
    assert taken(line) == [(ticket, [1])]


def test_a_step_holds_windows_of_one_model():
    line, other = backlog(Hands()), FakeClassifier()
    old, new, late = admit(line, 5), admit(line, 5, model=other), admit(line, 5)

    assert taken(line) == [(old, [0]), (late, [0])]
    assert taken(line) == [(new, [0])]


def test_beyond_the_seconds_of_work_a_request_is_refused_whole_with_a_time_to_come_back():
    line = backlog(Hands(), seconds=2.0)
    admit(line, 150)

    with pytest.raises(Overloaded) as refused:
        admit(line, 40, 11)

    assert 1 <= refused.value.retry_after <= 2
    assert (line.tokens, line.requests) == (150, 1)
    admit(line, 50)


def test_whoever_finds_the_line_empty_is_never_refused():
    line = backlog(Hands(), seconds=0.1)

    assert admit(line, 5_000).owed == 5_000


def test_more_requests_than_allowed_are_refused_however_small():
    line = backlog(Hands(), requests=2)
    admit(line, 1)
    admit(line, 1)

    with pytest.raises(Overloaded):
        admit(line, 1)


def test_one_that_is_cancelled_gives_its_room_back_and_is_never_taken():
    line = backlog(Hands())
    gone, stays = admit(line, 100), admit(line, 100)

    gone.future.cancel()

    assert (line.tokens, line.requests, line.windows) == (100, 1, 1)
    assert taken(line) == [(stays, [0])]


def test_one_that_is_cancelled_before_it_is_loaded_stays_out_of_the_line():
    line = backlog(Hands())
    ticket = line.admit(tokens=10, deadline=1e9)
    ticket.future.cancel()

    line.load(ticket, MODEL, [[7] * 10])

    assert (line.tokens, line.windows, line.take()) == (0, 0, None)


class Leaving(Future):
    """Of a client that leaves just after it was seen to be there."""

    def __init__(self) -> None:
        super().__init__()
        self.looks = 0

    def done(self) -> bool:
        self.looks += 1
        return self.looks > 1


def test_one_that_leaves_while_it_is_taken_makes_no_empty_step():
    waiting = Waiting()
    ticket = Ticket(owed=10, deadline=1e9)
    ticket.load(MODEL, [[7] * 10], now=0.0)
    waiting.join(ticket)
    ticket.future = Leaving()

    assert waiting.take() is None


def test_past_its_deadline_a_request_fails_and_is_not_computed():
    clock = Hands()
    line = backlog(clock)
    late, in_time = admit(line, 10, deadline=105.0), admit(line, 10, deadline=120.0)

    clock.advance(6)

    assert taken(line) == [(in_time, [0])]
    assert isinstance(late.future.exception(0), DeadlineExceeded)


def test_what_was_scored_no_longer_counts():
    line = backlog(Hands())
    admit(line, 30, 10)

    (piece,) = line.take().pieces
    assert line.tokens == 40
    line.settle(piece)

    assert line.tokens == 10


def test_the_true_count_takes_the_place_of_the_estimate():
    line = backlog(Hands())
    ticket = line.admit(tokens=25, deadline=1e9)

    line.load(ticket, MODEL, [[7] * 10, [7] * 30])

    assert line.tokens == 40


def test_without_windows_there_is_nothing_to_wait_for():
    line = backlog(Hands())

    assert admit(line).future.result(0).shape == (0, 3)
    assert line.requests == 0


def test_once_shut_everything_fails_and_nothing_is_admitted():
    line = backlog(Hands())
    ticket = admit(line, 10)

    line.shut(lambda: EngineUnhealthy("gone"))

    assert isinstance(ticket.future.exception(0), EngineUnhealthy)
    with pytest.raises(EngineUnhealthy):
        admit(line, 10)
    assert (line.tokens, line.requests) == (0, 0)


def test_the_pace_follows_what_is_measured():
    pace = Pace(1_000.0)

    for _ in range(400):
        pace.observe(2_000, 0.5)

    assert pace.tokens_per_second == pytest.approx(4_000, rel=0.01)


@given(
    st.lists(
        st.tuples(st.sampled_from("admit take settle cancel expire".split()), st.integers(0, 9)),
        max_size=60,
    )
)
def test_whatever_happens_the_count_is_that_of_the_open_requests(events: list[tuple[str, int]]):
    clock = Hands()
    line, tickets, pieces = backlog(clock, seconds=1e6, requests=1_000), [], []
    for what, n in events:
        if what == "admit":
            tickets.append(admit(line, *range(1, 3 * n + 1, 3), deadline=clock() + n))
        elif what == "take" and (step := line.take()):
            pieces += step.pieces
        elif what == "settle" and pieces:
            piece = pieces.pop(n % len(pieces))
            line.settle(piece)
            piece.ticket.answer(piece.rows, MODEL.logits(piece.windows))
        elif what == "cancel" and tickets:
            tickets[n % len(tickets)].future.cancel()
        else:
            clock.advance(n)
            line.expire()

    assert line.tokens == sum(ticket.owed for ticket in tickets if not ticket.future.done())
    assert line.requests == sum(not ticket.future.done() for ticket in tickets)
    for ticket in tickets:
        ticket.future.cancel()
    assert (line.tokens, line.requests, line.windows) == (0, 0, 0)
