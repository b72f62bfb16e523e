"""A scraper without a key reads metrics on a port of their own, and nothing else there."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from serve.app import create_app
from serve.guard.keys import Scope, new_key
from serve.settings import Settings
from tests.fakes import FakeClassifier

_, KEY = new_key("reader", [Scope.CLASSIFY])


@pytest.fixture
def app() -> FastAPI:
    return create_app(Settings(keys=KEY.to_line(), metrics_port=9100), FakeClassifier())


def status(app: FastAPI, port: int, path: str, host: str) -> int:
    with TestClient(app, base_url=f"http://10.1.2.3:{port}") as client:
        return client.get(path, headers={"host": host}).status_code


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/metrics", 200), ("/livez", 200), ("/v1/model", 404), ("/docs", 404), ("/v1/queue", 404)],
)
def test_the_port_has_metrics_and_probes_without_a_key(app: FastAPI, path: str, expected: int):
    assert status(app, 9100, path, "10.1.2.3:9100") == expected


def test_elsewhere_metrics_take_a_key(app: FastAPI):
    assert status(app, 8000, "/metrics", "localhost:8000") == 401


def test_a_name_that_was_rebound_reads_no_metrics(app: FastAPI):
    assert status(app, 9100, "/metrics", "other.example:9100") == 421
