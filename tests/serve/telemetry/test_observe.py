"""What is told of a request: a line, a trace, metrics; and never its text."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from model.engines.protocol import Logits
from model.text.sentences import Sentence
from model.text.tokens import Windows
from serve.app import create_app
from serve.live.live import Live
from serve.refusals import Draining
from serve.scoring.backlog import Backlog
from serve.scoring.throughput import Throughput
from serve.scoring.worker_pool import WorkerPool
from serve.settings import Settings
from serve.telemetry.metrics import Metrics
from serve.telemetry.traces import continue_trace
from tests.asgi import backlog_of
from tests.fakes import FakeClassifier, ManualClock, NamingEngine

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


class Quoting(NamingEngine):
    """Fails with what it was to score in its message."""

    def score(self, text: str) -> Logits:
        if "secret" in text:
            raise RuntimeError(text)
        return super().score(text)


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = create_app(Settings(max_characters=2_000), FakeClassifier(Quoting()))
    with TestClient(app, raise_server_exceptions=False) as test_client:
        yield test_client


def test_a_request_leaves_one_line_with_what_it_cost_and_not_what_it_said(client: TestClient):
    with capture_logs() as lines:
        client.post("/v1/classify", json={"text": "A quiet demand. More."})
        client.get("/livez")

    (line,) = [each for each in lines if each["event"] == "request"]  # probes leave none
    assert line["route"] == "/v1/classify"
    assert (line["status"], line["sentences"], line["version"]) == (200, 2, "v1")
    assert line["tokens"] == len("A quiet demand.") + len("More.")


class Listening:
    """An OpenTelemetry provider of whatever kind, as an operator may have set up; it keeps all."""

    def __init__(self) -> None:
        self.told: list[tuple[object, object]] = []

    def __getattr__(self, name: str) -> Callable[..., "Listening"]:
        def tell(*args: object, **kwargs: object) -> Listening:
            self.told.append((name, [*args, *kwargs.values()]))
            return self

        return tell


def test_no_text_reaches_an_opentelemetry_that_is_set_up_in_the_process(
    monkeypatch: pytest.MonkeyPatch,
):
    logs = Listening()
    monkeypatch.setattr("opentelemetry._logs.get_logger_provider", lambda: logs)
    monkeypatch.setattr("opentelemetry._logs.get_logger", lambda *_, **__: logs)
    app = create_app(Settings(), FakeClassifier(Quoting()))
    with TestClient(app, raise_server_exceptions=False) as client:
        client.post("/v1/classify", json={"text": "a secret demand"})
        client.post("/v1/classify", json={"sentences": "a secret demand"})

    assert not logs.told


@pytest.mark.parametrize(
    "body", [b'{"text": "a secret demand"}', b'{"text": "a secret', b'{"secret": "secret"}']
)
def test_no_text_is_in_any_line_or_metric_whatever_goes_wrong(client: TestClient, body: bytes):
    with capture_logs() as lines:
        answer = client.post(
            "/v1/classify?secret", content=body, headers={"content-type": "application/json"}
        )

    assert answer.status_code >= 400
    assert "secret" not in json.dumps(lines)
    assert "secret" not in client.get("/metrics").text


class Clumsy(FakeClassifier):
    """Fails where nobody expects it, with the text in its message."""

    def tokenise(self, sentences: Sequence[Sentence]) -> Windows:
        if "secret" in sentences[0].text:
            raise RuntimeError(sentences[0].text)
        return super().tokenise(sentences)


def test_an_error_that_nobody_expected_is_placed_and_not_quoted():
    with TestClient(create_app(Settings(), Clumsy())) as client, capture_logs() as lines:
        answer = client.post("/v1/classify", json={"text": "A secret."})

    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    (line,) = [each for each in lines if each["event"] == "unexpected"]
    assert line["error"] == "RuntimeError"
    assert line["where"][-1].endswith(" tokenise")
    assert line["request_id"] == answer.headers["x-request-id"]
    assert "secret" not in json.dumps(lines) + answer.text


def test_an_answer_carries_its_id_its_trace_and_where_the_time_went(client: TestClient):
    headers = {"traceparent": f"00-{TRACE}-{PARENT}-01"}

    with capture_logs() as lines:
        answer = client.post("/v1/classify", json={"text": "A demand."}, headers=headers)

    assert re.fullmatch(rf"00-{TRACE}-[0-9a-f]{{16}}-01", answer.headers["traceparent"])
    assert PARENT not in answer.headers["traceparent"]
    parts = re.findall(r"(\w+);dur=\d+\.\d", answer.headers["server-timing"])
    assert parts == ["split", "tok", "queue", "infer"]
    assert lines[-1]["trace_id"] == TRACE
    assert lines[-1]["request_id"] == answer.headers["x-request-id"]


def test_a_problem_names_the_line_in_the_log(client: TestClient):
    answer = client.post("/v1/classify", json={})

    assert answer.json()["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"


@pytest.mark.parametrize(
    "traceparent",
    [
        "",
        "nonsense",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{TRACE.upper()}-{PARENT}-01",
    ],
)
def test_what_is_no_trace_begins_a_new_one(traceparent: str):
    span = continue_trace(traceparent)

    assert span.trace_id != TRACE
    assert continue_trace(span.traceparent).trace_id == span.trace_id


def test_metrics_count_what_happened(client: TestClient):
    client.post("/v1/classify", json={"text": "A demand. More."})
    client.post("/v1/classify", json={"text": "secret"})
    client.post("/v1/classify", json={"text": "a" * 2_001})
    client.request("PROPFIND", "/anything")

    text = client.get("/metrics").text

    for line in (
        'demarche_http_requests_total{code="200",method="POST",route="/v1/classify"} 1.0',
        'demarche_http_requests_total{code="500",method="POST",route="/v1/classify"} 1.0',
        'demarche_http_requests_total{code="404",method="other",route="unmatched"} 1.0',
        'demarche_rejected_total{reason="too_large"} 1.0',
        'demarche_predictions_total{label="demand"} 1.0',
        'demarche_predictions_total{label="none"} 1.0',
        "demarche_engine_failures_total 1.0",
        'demarche_model_info{engine="openvino-fp32",version="v1"} 1.0',
        "demarche_queue_tokens 0.0",
        "demarche_http_requests_inflight 1.0",  # the one that asks
    ):
        assert line in text.splitlines()


def test_what_is_refused_is_counted_and_told_by_its_code(tmp_path: Path):
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "annotations.db"
    app = create_app(Settings(max_requests=1, annotations=str(place)), FakeClassifier())

    with TestClient(app) as client, capture_logs() as lines:
        backlog_of(app).admit(tokens=1, deadline=float("inf"))
        client.post("/v1/classify", json={"text": "A demand."})
        client.get("/v1/annotations")
        text = client.get("/metrics").text
        backlog_of(app).close(lambda: Draining("the service is being stopped"))

    for code in ("overloaded", "store_unavailable"):
        assert f'demarche_rejected_total{{reason="{code}"}} 1.0' in text.splitlines()
    requests = [line.get("code") for line in lines if line["event"] == "request"]
    assert requests == ["overloaded", "store_unavailable", None]
    (told,) = [line for line in lines if line["event"] == "store_unavailable"]
    assert str(place.parent) in told["reason"]


def test_faults_of_clients_are_no_errors_of_the_service(client: TestClient):
    with capture_logs() as lines:
        packed = {"content-encoding": "gzip"}
        assert client.post("/v1/classify", content=b"x", headers=packed).status_code == 415
        other = {"origin": "http://other.example"}
        assert client.post("/v1/classify", json={}, headers=other).status_code == 403
    metrics = client.get("/metrics").text.splitlines()

    assert [line["log_level"] for line in lines] == ["info", "info"]
    assert 'demarche_rejected_total{reason="cross_site"} 1.0' in metrics
    assert not any('reason="unauthorized"' in line for line in metrics)


@pytest.mark.parametrize(
    "name",
    """http_requests_total http_request_duration_seconds http_requests_inflight queue_tokens
    queue_sentences queue_seconds queue_requests queue_wait_seconds split_seconds tokenize_seconds
    inference_seconds batch_sentences batch_tokens batch_padding_ratio engine_failures_total
    rejected_total worker_last_progress_timestamp_seconds model_info predictions_total score
    model_swaps_total""".split(),
)
def test_the_metrics_that_dashboards_rely_on_are_there(client: TestClient, name: str):
    client.post("/v1/classify", json={"text": "A demand."})

    assert re.search(rf"^# TYPE demarche_{name}( |_)", client.get("/metrics").text, re.MULTILINE)


def test_only_the_process_s_own_metrics_go_without_the_prefix(client: TestClient):
    text = client.get("/metrics").text
    names = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))

    assert {name for name in names if not name.startswith("demarche_")} == {
        name for name in names if name.startswith("process_")
    }
    assert "process_resident_memory_bytes" in names


def test_the_last_progress_of_the_engine_is_unix_time():
    monotonic, wall = ManualClock(), ManualClock()
    wall.advance(1_800_000_000 - wall())
    backlog = Backlog(Throughput(100.0), seconds=1, requests=1, clock=monotonic)
    pool = WorkerPool(backlog, Throughput(100.0), size=1, clock=monotonic)
    metrics = Metrics(wall_clock=wall)
    metrics.watch(
        backlog, pool, Live(FakeClassifier(), opener=lambda _: FakeClassifier()), clock=monotonic
    )

    for seconds in (7, 5):  # twelve seconds without progress
        monotonic.advance(seconds)
        wall.advance(seconds)

    (line,) = re.findall(r"^demarche_worker_last_progress\S+ (\S+)$", metrics.text().decode(), re.M)
    assert wall() == 1_800_000_012
    assert float(line) == pytest.approx(1_800_000_000, abs=1e-3)


def test_the_log_is_json_and_names_an_error_without_its_message():
    code = (
        "import logging, structlog;"
        "from serve.telemetry.logs import configure_logs; configure_logs();"
        "structlog.stdlib.get_logger().info('request', route='/x');"
        "logging.getLogger('library').error('failed', exc_info=ValueError('secret text'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    first, second = map(json.loads, done.stderr.splitlines())
    assert (first["event"], first["route"], first["level"]) == ("request", "/x", "info")
    assert (second["event"], second["error"], second["logger"]) == (
        "failed",
        "ValueError",
        "library",
    )
    assert "secret" not in done.stderr
