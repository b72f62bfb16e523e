"""What runs while the application is up: the model, its workers, the tasks beside them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from model.artifact.folder import open_artifact
from model.decide.second_opinion import Effort
from model.errors import DemarcheError
from model.registry.registry import Registry
from model.self_test import load_tested_classifier
from serve.clock import Clock
from serve.live.activation import Activation
from serve.live.live import Follower, Live
from serve.live.warm_up import tokens_per_second, warm_up
from serve.scoring.backlog import Backlog
from serve.scoring.inference import Inference
from serve.scoring.job import Classifier
from serve.scoring.throughput import Throughput
from serve.scoring.watchdog import Watchdog
from serve.scoring.worker_pool import WorkerPool
from serve.service import Scoring, Service
from serve.settings import Settings

# how long each worker gets to end at shutdown, when nothing waits any more
_LAST_BATCH_SECONDS = 5.0

Opener = Callable[[Path, int | None], Classifier]


@asynccontextmanager
async def running(
    service: Service,
    settings: Settings,
    classifier: Classifier | None,
    *,
    opener: Opener,
    clock: Clock,
) -> AsyncIterator[None]:
    """Load the model and serve with it until the block ends; raises ArtifactError before."""
    registry = None if settings.model or classifier else Registry(settings.models)
    live = _first_model(service, settings, classifier, registry, opener)
    live.on_swap = service.metrics.on_swap
    throughput = Throughput(tokens_per_second(live.classifier, clock))
    backlog = Backlog(
        throughput, seconds=settings.queue_seconds, requests=settings.max_requests, clock=clock
    )
    pool = WorkerPool(
        backlog,
        throughput,
        size=live.classifier.concurrency,
        clock=clock,
        on_batch=service.metrics.on_batch,
    )
    service.metrics.watch(backlog, pool, live, clock=clock)
    watchers = [Watchdog(pool, backlog, service.health).run()]
    if registry:
        watchers.append(Follower(live, registry).run())
    if settings.keep_scored:
        watchers.append(service.recorder.run())
    async with _beside(*watchers):
        inference = Inference(live, backlog, clock=clock)
        service.scoring = Scoring(backlog, inference, Activation(live, registry))
        pool.start()
        service.health.started = True
        try:
            yield
        finally:
            inference.close()
            await _stop(service, pool)


async def _stop(service: Service, pool: WorkerPool) -> None:
    service.health.started = False
    service.scoring = None
    await asyncio.to_thread(service.recorder.flush)
    service.annotations.close()
    # a thread that hangs is not waited for: the process is about to end
    seconds = 0.0 if service.health.hung else _LAST_BATCH_SECONDS
    await asyncio.to_thread(pool.close, timeout=seconds)


def open_served(
    folder: Path, threads: int | None, *, effort: Effort = Effort.BALANCED
) -> Classifier:
    """Verify a model folder, load it, check its golden scores, warm it up; raises ArtifactError."""
    artifact = open_artifact(folder)
    classifier = load_tested_classifier(artifact, threads=threads, gpu=True, effort=effort)
    warm_up(classifier)
    return classifier


def _first_model(
    service: Service,
    settings: Settings,
    classifier: Classifier | None,
    registry: Registry | None,
    opener: Opener,
) -> Live:
    def opened(folder: Path) -> Classifier:
        return opener(folder, settings.threads)

    if classifier:
        return Live(classifier, opener=opened)
    try:
        folder = settings.model or (registry or Registry(settings.models)).live()
        return Live(opened(folder), opener=opened, folder=folder)
    except (DemarcheError, OSError) as error:
        service.startup_error = error
        raise


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
