"""More than can be done is refused at once and whole; what was accepted is done."""

import asyncio

from serve.app import create_app
from serve.settings import Settings
from tests.asgi import Call, backlog_of, started, until
from tests.fakes import FakeClassifier, GatedEngine, ManualClock


def test_exactly_the_requests_over_the_limit_are_refused_and_the_others_served():
    asyncio.run(overload())


async def overload() -> None:
    engine = GatedEngine()
    app = create_app(Settings(max_requests=3), FakeClassifier(engine))
    async with started(app) as client:
        engine.shut()
        calls = [Call(app, {"text": f"A demand {n}."}) for n in range(3)]
        tasks = [call.start() for call in calls]
        await until(lambda: backlog_of(app).requests == 3)

        refused = [await client.post("/v1/classify", json={"text": "More."}) for _ in range(10)]

        assert {each.status_code for each in refused} == {503}
        assert {each.json()["code"] for each in refused} == {"overloaded"}
        assert all(1 <= int(each.headers["retry-after"]) <= 30 for each in refused)
        assert (await client.post("/v1/classify", content=b"no JSON")).status_code == 503  # unread
        assert (await client.get("/readyz")).status_code == 200  # busy is not unready
        engine.gate.set()
        await asyncio.gather(*tasks)
        assert [call.status for call in calls] == [200] * 3
        assert (await client.post("/v1/classify", json={"text": "More."})).status_code == 200


def test_what_waits_past_its_deadline_is_not_computed():
    asyncio.run(overdue())


async def overdue() -> None:
    engine, clock = GatedEngine(), ManualClock()
    app = create_app(Settings(), FakeClassifier(engine), clock=clock)
    async with started(app):
        engine.shut()
        first, late = (
            Call(app, {"text": "A demand."}, headers={"Prefer": "wait=30"}),
            Call(app, {"text": "Late."}, headers={"Prefer": "respond-async, wait=5"}),
        )
        tasks = [first.start()]
        await asyncio.to_thread(engine.entered.wait, 30)
        tasks.append(late.start())
        await until(lambda: backlog_of(app).windows == 1)

        clock.advance(6)
        engine.gate.set()
        await asyncio.gather(*tasks)

        assert (first.status, late.status) == (200, 504)
        assert late.answer["code"] == "deadline_exceeded"
        assert engine.calls == [["A demand."]]
