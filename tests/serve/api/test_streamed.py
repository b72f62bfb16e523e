"""Long texts answered line by line: in order, as soon as it is known, and no longer than wanted."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from serve.app import create_app
from serve.settings import Settings
from tests.asgi import Call, backlog_of, started, until
from tests.fakes import FakeClassifier, GatedEngine

NDJSON = {"accept": "application/x-ndjson"}
TEXT = " ".join(f"Sentence number {n} holds a demand." for n in range(300))


def lines(client: TestClient, body: object) -> list[dict[str, Any]]:
    answer = client.post("/v1/classify", json=body, headers=NDJSON)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    return create_app(Settings(annotations=str(tmp_path / "a.db")), FakeClassifier())


@pytest.fixture
def roomy(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


def test_lines_hold_what_the_whole_answer_holds(roomy: TestClient):
    whole = roomy.post("/v1/classify", json={"text": TEXT}).json()

    first, *sentences, last = lines(roomy, {"text": TEXT})

    assert first == {"model": whole["model"]}
    assert sentences == whole["sentences"]
    assert last == {"summary": whole["summary"]}


def test_warnings_come_last(roomy: TestClient):
    *_, last = lines(roomy, {"text": f"{TEXT} Der Minister hat den Vorschlag gestern abgelehnt."})

    assert [each["sentences"] for each in last["warnings"]] == [[300]]


def test_a_client_that_leaves_stops_the_work():
    asyncio.run(leave_in_the_middle())


async def leave_in_the_middle() -> None:
    engine = GatedEngine()
    app = create_app(Settings(), FakeClassifier(engine))
    async with started(app):
        engine.shut()
        call = Call(app, {"text": TEXT}, headers=NDJSON)
        task = call.start()
        await asyncio.to_thread(engine.entered.wait, 30)
        await until(lambda: backlog_of(app).windows > 0)

        call.leave()
        await until(lambda: backlog_of(app).requests == 0)
        engine.gate.set()
        await task

        assert backlog_of(app).tokens == 0
        assert not any("number 299" in text for texts in engine.calls for text in texts)


def test_what_is_refused_before_anything_is_scored_is_a_problem(roomy: TestClient):
    answer = roomy.post("/v1/classify", json={"text": " "}, headers=NDJSON)

    assert (answer.status_code, answer.json()["code"]) == (422, "empty_text")
    answer = roomy.post("/v1/classify", json={"text": "BOOM. " + TEXT}, headers=NDJSON)
    assert (answer.status_code, answer.json()["code"]) == (500, "inference_failed")


def test_an_answer_that_breaks_off_ends_with_the_problem(app: FastAPI, roomy: TestClient):
    *sentences, last = lines(roomy, {"text": f"{TEXT} BOOM here."})

    assert len(sentences) > 8
    assert last["error"]["code"] == "inference_failed"
    assert backlog_of(app).tokens == 0


def test_nothing_is_left_open_after_an_answer(app: FastAPI, roomy: TestClient):
    lines(roomy, {"text": TEXT})

    backlog = backlog_of(app)
    assert (backlog.tokens, backlog.requests, backlog.windows) == (0, 0, 0)
