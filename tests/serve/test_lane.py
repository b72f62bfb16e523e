"""A lane's steps, called one by one on a clock moved by hand."""

from collections.abc import Sequence

import numpy as np
import pytest

from model.engines.protocol import Logits
from model.errors import EngineFailure
from model.text.tokens import TokenBatch
from serve.backlog import Backlog
from serve.lane import Lane, StepReport
from serve.pace import Pace
from serve.refusals import EngineUnhealthy
from serve.ticket import Ticket
from serve.watchdog import Vitals, Watchdog
from tests.fakes import FakeClassifier, Hands, NamingEngine


class Bench:
    """A lane without a thread, and what is around it."""

    def __init__(self, engine: NamingEngine | None = None) -> None:
        self.clock, self.pace, self.vitals = Hands(), Pace(10_000.0), Vitals(started=True)
        self.classifier = FakeClassifier(engine)
        self.engine = self.classifier.engine
        self.backlog = Backlog(self.pace, seconds=10, requests=100, clock=self.clock)
        self.reports: list[StepReport] = []
        self.lane = Lane(self.backlog, self.pace, clock=self.clock, on_step=self.reports.append)
        self.watchdog = Watchdog(self.lane, self.backlog, self.vitals)

    def send(self, *texts: str, model: FakeClassifier | None = None) -> Ticket:
        model = model or self.classifier
        ticket = self.backlog.admit(tokens=1, deadline=1e9)
        windows = [[ord(c) for c in text] for text in texts]
        self.backlog.load(ticket, model, windows)
        return ticket

    def run(self) -> None:
        while self.lane.step():
            pass


def stances(ticket: Ticket) -> list[list[bool]]:
    return (ticket.future.result(0) > 0).tolist()


AGREEMENT, CRITICISM, DEMAND = [True, False, False], [False, True, False], [False, False, True]


def test_windows_of_one_length_are_scored_together_and_come_back_to_their_senders():
    bench = Bench()
    tickets = [bench.send("agreement", "demand"), bench.send("criticism")]

    bench.run()

    assert bench.engine.calls == [["agreement", "criticism"], ["demand"]]
    assert [stances(each) for each in tickets] == [[AGREEMENT, DEMAND], [CRITICISM]]


def test_a_step_is_bounded_by_tokens_and_a_request_over_it_is_put_together_again():
    bench = Bench()
    ticket = bench.send(*["a demand" + "." * 492] * 5, "agreement")

    bench.run()

    assert [len(call) for call in bench.engine.calls] == [2, 2, 1, 1]
    assert stances(ticket) == [DEMAND] * 5 + [AGREEMENT]


def test_one_poisonous_sentence_fails_its_request_and_no_other():
    bench = Bench()
    tickets = [bench.send("demand", f"agreement {n}") for n in range(20)]
    poisoned = bench.send("criticism", "BOOM")
    tickets += [bench.send("demand", f"agreement {n}") for n in range(20)]

    bench.run()

    assert isinstance(poisoned.future.exception(0), EngineFailure)
    assert [stances(each) for each in tickets] == [[DEMAND, AGREEMENT]] * 40
    assert sum(report.failed for report in bench.reports) == 1
    assert bench.lane.healthy


class Spoiling(NamingEngine):
    """Spoils the answer to a call that holds "SPOIL", in the way asked for."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        answers = super().logits(batches)
        if not any("SPOIL" in text for text in self.calls[-1]):
            return answers
        if self.how == "few":
            return answers[:-1]
        if self.how == "short":
            return [answer[:0] for answer in answers]
        return [np.full_like(answer, float(self.how)) for answer in answers]


@pytest.mark.parametrize("how", ["few", "short", "nan", "inf"])
def test_an_engine_that_answers_nonsense_fails_those_sentences_only(how: str):
    bench = Bench(Spoiling(how))
    good, bad, better = bench.send("demand"), bench.send("SPOIL"), bench.send("agreement")

    bench.run()

    assert isinstance(bad.future.exception(0), EngineFailure)
    assert [stances(each) for each in (good, better)] == [[DEMAND], [AGREEMENT]]


def test_an_engine_that_fails_once_is_asked_again():
    class Hiccup(NamingEngine):
        def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
            answers = super().logits(batches)
            if len(self.calls) == 1:
                raise RuntimeError
            return answers

    bench = Bench(Hiccup())
    tickets = [bench.send("demand"), bench.send("agreement")]

    bench.run()

    assert [stances(each) for each in tickets] == [[DEMAND], [AGREEMENT]]


def test_a_client_that_sends_only_poison_does_not_end_the_service():
    bench = Bench()
    for _ in range(5):
        bench.send("BOOM")
        bench.run()

    bench.watchdog.check()

    assert bench.vitals.ready


def test_an_engine_that_fails_at_everything_is_given_up():
    class Dead(NamingEngine):
        def score(self, text: str) -> Logits:
            raise RuntimeError(text)

    bench = Bench(Dead())
    ticket = bench.send("demand")

    bench.run()
    bench.watchdog.check()

    assert isinstance(ticket.future.exception(0), EngineFailure)
    assert bench.vitals.hung
    with pytest.raises(EngineUnhealthy):
        bench.send("agreement")


def test_nothing_that_waits_without_progress_stays_without_an_answer():
    bench = Bench()
    ticket = bench.send("demand")
    bench.watchdog.check()
    assert bench.vitals.ready

    bench.clock.advance(11)
    bench.watchdog.check()

    assert bench.vitals.hung
    assert not bench.vitals.ready
    assert isinstance(ticket.future.exception(0), EngineUnhealthy)


def test_a_call_that_hangs_is_noticed_while_it_hangs():
    class Hanging(NamingEngine):
        def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
            bench.clock.advance(9)
            bench.watchdog.check()
            seen.append(bench.vitals.hung)
            bench.clock.advance(2)
            bench.watchdog.check()
            seen.append(bench.vitals.hung)
            return super().logits(batches)

    seen: list[bool] = []
    bench = Bench(Hanging())
    ticket = bench.send("demand")

    bench.run()

    assert seen == [False, True]
    assert isinstance(ticket.future.exception(0), EngineUnhealthy)


def test_a_long_step_of_a_slow_machine_is_given_its_time():
    class Slow(NamingEngine):
        def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
            bench.clock.advance(19)
            bench.watchdog.check()
            return super().logits(batches)

    bench = Bench(Slow())
    bench.pace.observe(10_000, 1_000_000)  # ten tokens of a step of ten: a second
    bench.send("0123456789")

    bench.run()

    assert bench.vitals.ready


def test_idle_for_long_is_not_hung():
    bench = Bench()

    bench.clock.advance(1e6)
    bench.watchdog.check()
    bench.send("demand")
    bench.watchdog.check()

    assert bench.vitals.ready


def test_requests_of_two_models_never_share_a_call():
    bench, new = Bench(), FakeClassifier(version="v2")
    before, after = bench.send("demand"), bench.send("agreement", model=new)

    bench.run()

    assert (bench.engine.calls, new.engine.calls) == ([["demand"]], [["agreement"]])
    assert [stances(before), stances(after)] == [[DEMAND], [AGREEMENT]]


def test_the_report_counts_padding():
    bench = Bench()
    bench.send("demand", "agreement")

    bench.run()

    (short, long) = bench.reports
    assert (short.windows, short.tokens, short.padded, short.failed) == (1, 6, 8, 0)
    assert (long.windows, long.tokens, long.padded, long.failed) == (1, 9, 16, 0)
