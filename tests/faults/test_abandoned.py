"""Clients that leave stop costing, however many they are."""

import asyncio

from fastapi import FastAPI

from serve.app import create_app
from serve.settings import Settings
from tests.asgi import Call, backlog_of, started, until
from tests.fakes import FakeClassifier, GatedEngine, ManualClock

ABANDONED, AT_ONCE = 4_000, 50


def test_thousands_that_leave_are_not_computed_and_the_next_one_is_served():
    asyncio.run(abandon())


async def abandon() -> None:
    engine = GatedEngine()
    app = create_app(Settings(), FakeClassifier(engine), clock=ManualClock())
    async with started(app) as client:
        engine.shut()
        first = Call(app, {"text": "A demand."})
        running = first.start()
        await asyncio.to_thread(engine.entered.wait, 30)

        for _ in range(ABANDONED // AT_ONCE):
            await storm(app)
        assert backlog_of(app).requests == 1
        engine.gate.set()
        await running

        assert first.status == 200
        assert engine.calls == [["A demand."]]
        assert (
            backlog_of(app).requests,
            backlog_of(app).tokens,
        ) == (0, 0)
        after = await client.post("/v1/classify", json={"text": "An agreement."})
        assert after.json()["summary"]["agreement"] == 1
        metrics = (await client.get("/metrics")).text
        assert f'demarche_rejected_total{{reason="cancelled"}} {float(ABANDONED)}' in metrics


async def storm(app: FastAPI) -> None:
    """Half of them leave as soon as they have sent all, half when their windows wait."""
    calls = [Call(app, {"text": f"Abandoned {n}."}) for n in range(AT_ONCE)]
    for call in calls[::2]:
        call.leave()
    tasks = [call.start() for call in calls]
    await until(lambda: backlog_of(app).windows == AT_ONCE // 2)
    for call in calls:
        call.leave()
    await asyncio.gather(*tasks)
    assert all(call.status is None for call in calls)


def test_one_that_leaves_does_not_touch_those_it_shares_a_batch_with():
    asyncio.run(leave_among_others())


async def leave_among_others() -> None:
    engine = GatedEngine()
    app = create_app(Settings(), FakeClassifier(engine))
    async with started(app):
        engine.shut()
        calls = [Call(app, {"text": f"A demand {n}."}) for n in range(9)]
        tasks = [calls[0].start()]
        await asyncio.to_thread(engine.entered.wait, 30)
        tasks += [call.start() for call in calls[1:]]
        await until(lambda: backlog_of(app).windows == 8)

        for call in calls[::2]:
            call.leave()
        await until(lambda: backlog_of(app).requests == 4)
        engine.gate.set()
        await asyncio.gather(*tasks)

        assert [call.status for call in calls] == [None, 200] * 4 + [None]
        assert {text for texts in engine.calls[-1:] for text in texts} == {
            f"A demand {n}." for n in (1, 3, 5, 7)
        }
