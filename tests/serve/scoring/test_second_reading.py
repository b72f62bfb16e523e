"""What is asked twice in the service: how it is admitted, in what order, and what is told of it."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from model.decide.second_opinion import Effort
from model.engines.protocol import Logits
from model.text.tokens import TokenBatch
from serve.app import create_app
from serve.refusals import EngineUnhealthy, Overloaded
from serve.scoring.backlog import Backlog
from serve.scoring.throughput import Throughput
from serve.scoring.worker import Worker
from serve.settings import Settings
from tests.fakes import FakeClassifier, ManualClock, NamingEngine, TwoNetworks

DOUBTED, SURE = "perhaps a demand", "agreement"
BODY = {"sentences": [SURE, DOUBTED, DOUBTED]}


def client_of(model: FakeClassifier | TwoNetworks) -> TestClient:
    return TestClient(create_app(Settings(), model), raise_server_exceptions=False)


def test_the_answer_says_what_was_asked_twice():
    with client_of(TwoNetworks()) as client:
        answer = client.post("/v1/classify", json=BODY)

    rows = answer.json()["sentences"]
    assert [row.get("asked_twice") for row in rows] == [None, True, True]
    assert [row["labels"] for row in rows] == [["agreement"], ["demand"], ["demand"]]
    assert answer.json()["summary"]["asked_twice"] == 2
    assert 'desc="2 of 3 asked twice"' in answer.headers["Server-Timing"]


def test_with_one_network_nothing_is_said_of_two():
    with client_of(FakeClassifier()) as client:
        answer, about = client.post("/v1/classify", json=BODY), client.get("/v1/model").json()

    assert "asked_twice" not in answer.text
    assert "second" not in answer.headers["Server-Timing"]
    assert (about["effort"], about["second_opinion"]) == ("fast", None)


def test_the_model_is_described_with_both_networks():
    with client_of(TwoNetworks()) as client:
        about = client.get("/v1/model").json()
        metrics_before = client.get("/metrics").text
        client.post("/v1/classify", json=BODY)
        metrics = client.get("/metrics").text

    second = about["second_opinion"]
    assert about["effort"] == "balanced"
    assert {name: second[name] for name in ("base_model", "share", "doubt", "weight")} == {
        "base_model": "larger",
        "share": 0.25,
        "doubt": 0.3,
        "weight": 1.0,
    }
    assert second["decisions"]["demand"]["uncertain_high"] == 0.9
    assert "demarche_asked_twice_total 0.0" in metrics_before
    assert "demarche_asked_twice_total 2.0" in metrics


@pytest.mark.parametrize(("effort", "twice"), [(Effort.CAREFUL, 3), (Effort.FAST, None)])
def test_another_effort_asks_more_or_nothing(effort: Effort, twice: int | None):
    with client_of(TwoNetworks(effort=effort)) as client:
        answer = client.post("/v1/classify", json=BODY).json()

    assert answer["summary"].get("asked_twice") == twice


def test_lines_tell_it_too():
    text = "Agreement is welcome. Perhaps a demand. " * 30
    model = TwoNetworks(fast=LowerCased())
    with client_of(model) as client:
        body = {"text": text}
        whole = client.post("/v1/classify", json=body).json()
        lines = client.post("/v1/classify", json=body, headers={"Accept": "application/x-ndjson"})
    rows = [json.loads(line) for line in lines.text.splitlines()]

    assert rows[1:-1] == whole["sentences"]
    assert rows[-1]["summary"] == whole["summary"]
    assert whole["summary"]["asked_twice"] == 30


class LowerCased(NamingEngine):
    """Doubts what says "perhaps", in either case."""

    def score(self, text: str):
        return (0 if "perhaps" in text.lower() else 1) * super().score(text)


def test_a_second_reading_that_fails_fails_its_request_and_no_other():
    with client_of(TwoNetworks()) as client:
        failed = client.post("/v1/classify", json={"sentences": ["perhaps BOOM"]})
        served = client.post("/v1/classify", json=BODY)

    assert failed.json()["code"] == "inference_failed"
    assert served.status_code == 200


def test_the_effort_of_the_settings_reaches_the_loader(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    asked: list[Effort] = []

    def open_served(_: Path, __: int | None, *, effort: Effort) -> FakeClassifier:
        asked.append(effort)
        return FakeClassifier()

    monkeypatch.setattr("serve.app.open_served", open_served)
    monkeypatch.setenv("DEMARCHE_EFFORT", "careful")
    with TestClient(create_app(Settings(model=tmp_path))):
        pass

    assert asked == [Effort.CAREFUL]


class Setup:
    """A backlog that scores 100 tokens a second and may hold 2 seconds of work."""

    def __init__(self, careful: NamingEngine | None = None) -> None:
        self.clock, self.throughput = ManualClock(), Throughput(100.0)
        self.model = TwoNetworks(careful=careful)
        self.careful = self.model.careful or self.model
        self.backlog = Backlog(self.throughput, seconds=2, requests=8, clock=self.clock)
        self.worker = Worker(self.backlog, self.throughput, clock=self.clock)


def test_the_second_reading_is_counted_before_it_is_known():
    setup = Setup()
    job = setup.backlog.admit(tokens=80, deadline=1e9)
    setup.backlog.enqueue(job, setup.model, [[7] * 40] * 2)

    # 1 + 0.25 x 4 a token: a quarter is asked again, of a network that takes four times as long
    assert setup.backlog.tokens == 160
    with pytest.raises(Overloaded):
        setup.backlog.admit(tokens=60, deadline=1e9)

    assert setup.worker.score_next()
    assert setup.backlog.tokens == 0
    again = setup.backlog.admit_again(job)
    setup.backlog.enqueue(again, setup.careful, [[7] * 40])
    assert setup.backlog.tokens == 160
    assert setup.worker.score_next()
    assert setup.backlog.tokens == 0


def test_a_second_reading_goes_before_requests_that_came_later():
    setup = Setup()
    first, second = (setup.backlog.admit(tokens=1, deadline=1e9) for _ in range(2))
    setup.backlog.enqueue(first, setup.model, [[7] * 10])
    setup.worker.score_next()
    setup.backlog.enqueue(second, setup.model, [[7] * 10])

    again = setup.backlog.admit_again(first)
    setup.backlog.enqueue(again, setup.careful, [[7] * 10])

    assert [part.job for part in setup.backlog.take_batch().slices] == [again]
    assert [part.job for part in setup.backlog.take_batch().slices] == [second]


def test_a_careful_token_counts_as_the_work_it_is():
    class Slow(NamingEngine):
        def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
            setup.clock.advance(0.4)  # 10 tokens, each as long as 4 of the fast network's
            return super().logits(batches)

    setup = Setup(Slow())
    job = setup.backlog.admit(tokens=1, deadline=1e9)
    setup.backlog.enqueue(job, setup.careful, [[7] * 10])
    setup.worker.score_next()

    assert setup.throughput.tokens_per_second == pytest.approx(100.0)


def test_a_closed_backlog_takes_no_second_reading():
    setup = Setup()
    job = setup.backlog.admit(tokens=1, deadline=1e9)
    setup.backlog.enqueue(job, setup.model, [[7] * 10])
    setup.worker.score_next()
    setup.backlog.close(lambda: EngineUnhealthy("no", retry_after=5))

    with pytest.raises(EngineUnhealthy):
        setup.backlog.admit_again(job)


def test_windows_wait_by_the_lengths_of_their_own_network():
    setup = Setup()
    setup.careful.length_step = 32  # the fast network's is 8
    job, again = (
        setup.backlog.admit(tokens=1, deadline=1e9),
        setup.backlog.admit(tokens=1, deadline=1e9),
    )
    setup.backlog.enqueue(job, setup.model, [[7] * 3, [7] * 30])
    setup.backlog.enqueue(again, setup.careful, [[7] * 3, [7] * 30])

    batches = [setup.backlog.take_batch() for _ in range(3)]

    assert [len(batch.windows) for batch in batches] == [1, 1, 2]


def test_a_second_reading_is_not_refused_for_being_more_than_was_foreseen():
    setup = Setup()
    job, other = (setup.backlog.admit(tokens=1, deadline=1e9) for _ in range(2))
    setup.backlog.enqueue(job, setup.model, [[7] * 10])
    setup.worker.score_next()
    setup.backlog.enqueue(other, setup.model, [[7] * 10])

    again = setup.backlog.admit_again(job)
    setup.backlog.enqueue(again, setup.careful, [[7] * 50])  # 2 seconds of work, beside 0.2

    assert not again.future.done()
