"""A database that does not answer holds up annotations and nothing else."""

import asyncio
from threading import Event, Semaphore

from data.store.store import AnnotationStore
from model.errors import StoreError
from serve.app import create_app
from serve.service import service_of
from serve.settings import Settings
from tests.asgi import Call, started
from tests.fakes import FakeClassifier

# FastAPI has threads for 40 requests at once
THREADS, CALLS = 40, 60
ROWS = {"annotations": [{"text": "They must leave.", "labels": [], "annotator": "anna"}]}


class Stuck:
    """In the place of StoreOnDemand: every use waits for the gate, then fails."""

    def __init__(self) -> None:
        self.entered, self.gate = Semaphore(0), Event()

    def __call__(self) -> AnnotationStore:
        self.entered.release()
        assert self.gate.wait(30)
        raise StoreError("the database does not answer")

    def close(self) -> None:
        """There is nothing to close."""


def test_probes_and_scoring_go_on_while_every_thread_waits_for_the_database():
    asyncio.run(stuck())


async def stuck() -> None:
    app = create_app(Settings(), FakeClassifier())
    store = Stuck()
    service_of(app).annotations = store  # type: ignore[assignment]
    async with started(app) as client:
        calls = [Call(app, ROWS, path="/v1/annotations") for _ in range(CALLS)]
        tasks = [call.start() for call in calls]
        for _ in range(THREADS):
            assert await asyncio.to_thread(store.entered.acquire, timeout=30)

        async with asyncio.timeout(30):
            for path in ("/startupz", "/livez", "/readyz", "/metrics", "/v1/model", "/v1/models"):
                assert (await client.get(path)).status_code == 200
            scored = await client.post("/v1/classify", json={"text": "A demand."})
            assert scored.status_code == 200

        store.gate.set()
        await asyncio.gather(*tasks)
        assert [call.status for call in calls] == [503] * CALLS
