"""A worker's batches, scored one by one on a clock moved by hand."""

from collections.abc import Sequence

import numpy as np
import pytest

from model.engines.protocol import Logits
from model.errors import EngineFailure
from model.text.tokens import TokenBatch
from serve.refusals import EngineUnhealthy
from serve.scoring.backlog import Backlog
from serve.scoring.job import Job
from serve.scoring.throughput import Throughput
from serve.scoring.watchdog import HealthState, Watchdog
from serve.scoring.worker import BatchReport
from serve.scoring.worker_pool import WorkerPool
from tests.fakes import FakeClassifier, ManualClock, NamingEngine


class Setup:
    """A worker without a thread, and the parts that it works with."""

    def __init__(self, engine: NamingEngine | None = None) -> None:
        self.clock, self.throughput, self.health = (
            ManualClock(),
            Throughput(10_000.0),
            HealthState(started=True),
        )
        self.classifier = FakeClassifier(engine)
        self.engine = self.classifier.engine
        self.backlog = Backlog(self.throughput, seconds=10, requests=100, clock=self.clock)
        self.reports: list[BatchReport] = []
        pool = WorkerPool(
            self.backlog,
            self.throughput,
            size=1,
            clock=self.clock,
            on_batch=self.reports.append,
        )
        (self.worker,) = pool.workers
        self.watchdog = Watchdog(pool, self.backlog, self.health)

    def send(self, *texts: str, model: FakeClassifier | None = None) -> Job:
        model = model or self.classifier
        job = self.backlog.admit(tokens=1, deadline=1e9)
        windows = [[ord(c) for c in text] for text in texts]
        self.backlog.enqueue(job, model, windows)
        return job

    def run(self) -> None:
        while self.worker.score_next():
            pass


def stances(job: Job) -> list[list[bool]]:
    return (job.future.result(0) > 0).tolist()


AGREEMENT, CRITICISM, DEMAND = [True, False, False], [False, True, False], [False, False, True]


def test_windows_of_one_length_are_scored_together_and_come_back_to_their_senders():
    setup = Setup()
    jobs = [setup.send("agreement", "demand"), setup.send("criticism")]

    setup.run()

    assert setup.engine.calls == [["agreement", "criticism"], ["demand"]]
    assert [stances(each) for each in jobs] == [[AGREEMENT, DEMAND], [CRITICISM]]


def test_a_step_is_bounded_by_tokens_and_a_request_over_it_is_put_together_again():
    setup = Setup()
    job = setup.send(*["a demand" + "." * 492] * 5, "agreement")

    setup.run()

    assert [len(call) for call in setup.engine.calls] == [2, 2, 1, 1]
    assert stances(job) == [DEMAND] * 5 + [AGREEMENT]


def test_one_poisonous_sentence_fails_its_request_and_no_other():
    setup = Setup()
    jobs = [setup.send("demand", f"agreement {n}") for n in range(20)]
    poisoned = setup.send("criticism", "BOOM")
    jobs += [setup.send("demand", f"agreement {n}") for n in range(20)]

    setup.run()

    assert isinstance(poisoned.future.exception(0), EngineFailure)
    assert [stances(each) for each in jobs] == [[DEMAND, AGREEMENT]] * 40
    assert sum(report.failed for report in setup.reports) == 1
    assert setup.worker.healthy


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
    setup = Setup(Spoiling(how))
    good, bad, better = setup.send("demand"), setup.send("SPOIL"), setup.send("agreement")

    setup.run()

    assert isinstance(bad.future.exception(0), EngineFailure)
    assert [stances(each) for each in (good, better)] == [[DEMAND], [AGREEMENT]]


def test_an_engine_that_fails_once_is_asked_again():
    class Hiccup(NamingEngine):
        def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
            answers = super().logits(batches)
            if len(self.calls) == 1:
                raise RuntimeError
            return answers

    setup = Setup(Hiccup())
    jobs = [setup.send("demand"), setup.send("agreement")]

    setup.run()

    assert [stances(each) for each in jobs] == [[DEMAND], [AGREEMENT]]


class Slowing(NamingEngine):
    """Takes one second for every call, and fails at "BOOM" after that second."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__()
        self.clock = clock

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        self.clock.advance(1)
        return super().logits(batches)


def test_a_batch_with_a_failure_does_not_change_the_throughput():
    setup = Setup()
    slow = FakeClassifier(Slowing(setup.clock))
    setup.send("BOOM", "fine", model=slow)

    setup.run()

    assert setup.reports[0].seconds > 1  # both halves were tried, one of them twice
    assert setup.throughput.tokens_per_second == 10_000


def test_a_batch_without_a_failure_changes_the_throughput():
    setup = Setup()
    slow = FakeClassifier(Slowing(setup.clock))
    setup.send("a" * 256, "b" * 256, model=slow)

    setup.run()

    expected = (0.98 * 10_000 + 512) / (0.98 + 1)
    assert setup.throughput.tokens_per_second == pytest.approx(expected)


def test_short_requests_one_by_one_do_not_make_the_engine_look_slow():
    setup = Setup()
    slow = FakeClassifier(Slowing(setup.clock))
    for _ in range(200):
        setup.send("fine", model=slow)
        setup.run()

    assert setup.throughput.tokens_per_second == 10_000


def test_a_client_that_sends_only_poison_does_not_end_the_service():
    setup = Setup()
    for _ in range(5):
        setup.send("BOOM")
        setup.run()

    setup.watchdog.check()

    assert setup.health.ready


def test_an_engine_that_fails_at_everything_is_given_up():
    class Dead(NamingEngine):
        def score(self, text: str) -> Logits:
            raise RuntimeError(text)

    setup = Setup(Dead())
    job = setup.send("demand")

    setup.run()
    setup.watchdog.check()

    assert isinstance(job.future.exception(0), EngineFailure)
    assert setup.health.hung
    with pytest.raises(EngineUnhealthy):
        setup.send("agreement")


def test_nothing_that_waits_without_progress_stays_without_an_answer():
    setup = Setup()
    job = setup.send("demand")
    setup.watchdog.check()
    assert setup.health.ready

    setup.clock.advance(11)
    setup.watchdog.check()

    assert setup.health.hung
    assert not setup.health.ready
    assert isinstance(job.future.exception(0), EngineUnhealthy)


def test_a_call_that_hangs_is_noticed_while_it_hangs():
    class Hanging(NamingEngine):
        def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
            setup.clock.advance(9)
            setup.watchdog.check()
            seen.append(setup.health.hung)
            setup.clock.advance(2)
            setup.watchdog.check()
            seen.append(setup.health.hung)
            return super().logits(batches)

    seen: list[bool] = []
    setup = Setup(Hanging())
    job = setup.send("demand")

    setup.run()

    assert seen == [False, True]
    assert isinstance(job.future.exception(0), EngineUnhealthy)


def test_a_long_step_of_a_slow_machine_is_given_its_time():
    class Slow(NamingEngine):
        def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
            setup.clock.advance(19)
            setup.watchdog.check()
            return super().logits(batches)

    setup = Setup(Slow())
    setup.throughput.observe(10_000, 1_000_000)  # ten tokens of a batch of ten: a second
    setup.send("0123456789")

    setup.run()

    assert setup.health.ready


def test_idle_for_long_is_not_hung():
    setup = Setup()

    setup.clock.advance(1e6)
    setup.watchdog.check()
    setup.send("demand")
    setup.watchdog.check()

    assert setup.health.ready


def test_requests_of_two_models_never_share_a_call():
    setup, new = Setup(), FakeClassifier(version="v2")
    before, after = setup.send("demand"), setup.send("agreement", model=new)

    setup.run()

    assert (setup.engine.calls, new.engine.calls) == ([["demand"]], [["agreement"]])
    assert [stances(before), stances(after)] == [[DEMAND], [AGREEMENT]]


def test_the_report_counts_padding():
    setup = Setup()
    setup.send("demand", "agreement")

    setup.run()

    (short, long) = setup.reports
    assert (short.windows, short.tokens, short.padded, short.failed) == (1, 6, 8, 0)
    assert (long.windows, long.tokens, long.padded, long.failed) == (1, 9, 16, 0)
