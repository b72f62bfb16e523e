"""A hundred swaps while requests run: none fails, none mixes two models, none is left behind."""

import asyncio
import gc
import weakref
from collections.abc import Sequence
from pathlib import Path

import pytest
from fastapi import FastAPI

from model.engines.protocol import Logits
from model.text.tokens import TokenBatch
from serve.app import create_app
from serve.live.live import Live
from serve.service import service_of
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


def test_swaps_under_load():
    asyncio.run(swap_under_load())


async def swap_under_load() -> None:
    models: list[weakref.ref[FakeClassifier]] = []

    def opener(folder: Path, _: int | None) -> FakeClassifier:
        version = int(folder.name)  # raises for one that is called corrupt
        opened = FakeClassifier((Even, Odd)[version % 2](), version=folder.name)
        models.append(weakref.ref(opened))
        return opened

    app = create_app(Settings(model=Path("0"), max_requests=10 * CLIENTS), opener=opener)
    async with started(app):
        live: Live = service_of(app).scoring.activation.live
        over = asyncio.Event()
        clients = [asyncio.create_task(client(app, over)) for _ in range(CLIENTS)]
        for version in range(1, SWAPS + 1):
            if version % 10 == 5:
                with pytest.raises(ValueError, match="corrupt"):
                    await live.switch(Path("corrupt"))
            await live.switch(Path(str(version)))
        over.set()
        seen = set().union(*await asyncio.gather(*clients))

        assert len(seen) > 10
        metrics = service_of(app).metrics.text().decode()
        assert f'demarche_model_swaps_total{{result="done"}} {float(SWAPS)}' in metrics
        assert 'demarche_model_swaps_total{result="refused"} 10.0' in metrics
        gc.collect()
        assert [ref().manifest.version for ref in models if ref()] == [str(SWAPS)]


async def client(app: FastAPI, over: asyncio.Event) -> set[str]:
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
