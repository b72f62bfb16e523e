"""What runs while the application is up: the model, the engine's thread, the tasks beside it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from fastapi import FastAPI

from model.artifact.folder import open_artifact
from model.errors import DemarcheError
from model.registry.registry import Registry
from model.self_test import open_proven
from serve.live.activation import Activation
from serve.live.live import Follower, Live
from serve.live.warm_up import tokens_per_second, warm_up
from serve.scoring.backlog import Backlog
from serve.scoring.inference import Inference
from serve.scoring.job import Classifier
from serve.scoring.throughput import Clock, Pace
from serve.scoring.watchdog import Watchdog
from serve.scoring.worker_pool import Batcher
from serve.settings import Settings

# what the engine's thread gets to end in, once nothing waits any more
_LAST_STEP_SECONDS = 5.0

Opener = Callable[[Path, int | None], Classifier]


@asynccontextmanager
async def running(
    app: FastAPI,
    settings: Settings,
    classifier: Classifier | None,
    *,
    opener: Opener,
    clock: Clock,
) -> AsyncIterator[None]:
    """Load the model and serve with it until the block ends; raises ArtifactError before."""
    state = app.state
    registry = None if settings.model or classifier else Registry(settings.models)
    try:
        live = _first_model(settings, classifier, registry, opener)
    except (DemarcheError, OSError) as error:
        state.startup_error = error
        raise
    live.on_swap = state.metrics.on_swap
    pace = Pace(tokens_per_second(live.classifier, clock))
    backlog = Backlog(
        pace, seconds=settings.queue_seconds, requests=settings.max_requests, clock=clock
    )
    batcher = Batcher(
        backlog, pace, lanes=live.classifier.lanes, clock=clock, on_step=state.metrics.on_step
    )
    state.backlog = backlog
    state.metrics.watch(backlog, batcher, live)
    state.activation = Activation(live, registry)
    watchers = [Watchdog(batcher, backlog, state.vitals).run()]
    if registry:
        watchers.append(Follower(live, registry).run())
    if settings.keep_scored:
        watchers.append(state.keeper.run())
    async with _beside(*watchers):
        state.inference = Inference(live, backlog, state.limits, clock=clock)
        batcher.start()
        state.vitals.started = True
        try:
            yield
        finally:
            await _stop(app, batcher)


async def _stop(app: FastAPI, batcher: Batcher) -> None:
    state = app.state
    state.vitals.started = False
    state.inference.close()
    state.inference = state.activation = None
    await asyncio.to_thread(state.keeper.flush)
    state.annotations.close()
    # a thread that hangs is not waited for: the process is about to end
    last = 0.0 if state.vitals.hung else _LAST_STEP_SECONDS
    await asyncio.to_thread(batcher.close, timeout=last)


def open_served(folder: Path, threads: int | None) -> Classifier:
    """Verify, load, prove and warm up a model; raises ArtifactError."""
    classifier = open_proven(open_artifact(folder), threads=threads, gpu=True)
    warm_up(classifier)
    return classifier


def _first_model(
    settings: Settings, classifier: Classifier | None, registry: Registry | None, opener: Opener
) -> Live:
    def opened(folder: Path) -> Classifier:
        return opener(folder, settings.threads)

    if classifier:
        return Live(classifier, opener=opened)
    folder = settings.model or (registry or Registry(settings.models)).live()
    return Live(opened(folder), opener=opened, folder=folder)


@asynccontextmanager
async def _beside(*watchers: Coroutine[None, None, None]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(each) for each in watchers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)
