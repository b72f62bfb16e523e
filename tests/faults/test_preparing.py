"""A text that takes long to prepare holds up nobody, and its own answer comes in time."""

import asyncio
import threading

import pytest

import serve.scoring.reading
from model.text.sentences import Sentence
from serve.app import create_app
from serve.settings import Settings
from tests.asgi import Call, started
from tests.fakes import FakeClassifier, ManualClock

LONG = "They must leave. " * 100


def test_a_text_that_is_not_split_in_time_is_given_up_and_others_are_served(
    monkeypatch: pytest.MonkeyPatch,
):
    asyncio.run(split_for_ever(monkeypatch))


async def split_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, entered, gate = ManualClock(), threading.Event(), threading.Event()

    def stuck(_: str, **__: object) -> list[Sentence]:
        entered.set()
        assert gate.wait(60)
        return []

    app = create_app(Settings(deadline_seconds=10), FakeClassifier(), clock=clock)
    async with started(app) as client:
        with monkeypatch.context() as patched:
            patched.setattr(serve.scoring.reading, "iter_sentences", stuck)
            call = Call(app, {"text": LONG})
            task = call.start()
            assert await asyncio.to_thread(entered.wait, 60)
        for path in ("/livez", "/readyz", "/metrics"):
            assert (await client.get(path)).status_code == 200
        assert (await client.post("/v1/classify", json={"text": LONG})).status_code == 200

        clock.advance(11)
        async with asyncio.timeout(60):
            await task

        assert (call.status, call.answer["code"]) == (504, "deadline_exceeded")
        gate.set()
        assert (await client.post("/v1/classify", json={"text": LONG})).status_code == 200
