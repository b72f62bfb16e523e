"""A hundred swaps while requests run: none fails, none mixes two models, none is left behind."""

import asyncio
import gc
import weakref
from collections.abc import Sequence
from pathlib import Path

from model.engines.protocol import Logits
from model.tokens import TokenBatch
from serve.app import create_app
from serve.live import Live
from serve.settings import Settings
from tests.asgi import Call, started
from tests.fakes import FakeClassifier, NamingEngine

SWAPS, CLIENTS = 100, 8


class Even(NamingEngine):
    """Says agreement to everything."""

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        return [self.score("agreement") for _ in batches]


class Odd(NamingEngine):
    """Says demand to everything."""

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        return [self.score("demand") for _ in batches]


def model(version: int) -> FakeClassifier:
    return FakeClassifier((Even, Odd)[version % 2](), version=str(version))


def test_swaps_under_load():
    asyncio.run(swap_under_load())


async def swap_under_load() -> None:
    app = create_app(Settings(max_requests=10 * CLIENTS), first := model(0))
    models = [weakref.ref(first)]
    del first
    async with started(app):
        live: Live = app.state.activation.live
        live._open = lambda folder: remembered(model(int(folder.name)), models)
        over = asyncio.Event()
        clients = [asyncio.create_task(client(app, over)) for _ in range(CLIENTS)]
        for version in range(1, SWAPS + 1):
            if version % 10 == 5:
                await refuse_one(live)
            await live.switch(Path(str(version)))
        over.set()
        seen = set().union(*await asyncio.gather(*clients))

        assert len(seen) > 10
        metrics = app.state.metrics.text().decode()
        assert f'model_swaps_total{{result="done"}} {float(SWAPS)}' in metrics
        assert 'model_swaps_total{result="refused"} 10.0' in metrics
        gc.collect()
        # the first one was handed to create_app, which keeps what it is given
        assert [ref().manifest.version for ref in models if ref()] == ["0", str(SWAPS)]


async def client(app: object, over: asyncio.Event) -> set[str]:
    """Post until it is over; every answer must be one model's, whole."""
    seen = set()
    while not over.is_set():
        call = Call(app, {"sentences": ["One.", "Two.", "Three."] * 20})
        await call.start()
        assert call.status == 200
        version = call.answer["model"]["version"]
        said = {tuple(each["labels"]) for each in call.answer["sentences"]}
        assert said == {("demand",) if int(version) % 2 else ("agreement",)}
        seen.add(version)
    return seen


async def refuse_one(live: Live) -> None:
    """A candidate whose folder says nothing that can be opened."""
    try:
        await live.switch(Path("corrupt"))
    except ValueError:
        return
    raise AssertionError


def remembered(
    classifier: FakeClassifier, models: list[weakref.ref[FakeClassifier]]
) -> FakeClassifier:
    models.append(weakref.ref(classifier))
    return classifier
