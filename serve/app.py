"""The composition root of the service: everything is made here and handed on."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from fastapi.telemetry import TelemetryConfig
from fastapi_offline import FastAPIOffline

from serve.annotating.recorder import Keeper
from serve.annotating.store_on_demand import StoreOnDemand
from serve.api.annotations import annotation_routes
from serve.api.models import model_routes
from serve.api.probes import probe_routes
from serve.api.problems import add_error_handlers, problem_responses
from serve.api.queue import queue_routes
from serve.api.stances import api_routes
from serve.guard.access import Access
from serve.guard.body_limit import VALUES_PER_SENTENCE, BodyLimit
from serve.guard.disconnects import Disconnects
from serve.guard.hosts import SameOrigin, configured_hosts
from serve.guard.key_file import KeySource, configured_keys
from serve.guard.load_shedding import Room
from serve.guard.metrics_port import MetricsPort
from serve.guard.rate import RateLimit
from serve.guard.security_headers import SecurityHeaders
from serve.process.lifespan import Opener, open_served, running
from serve.scoring.job import Classifier
from serve.scoring.limits import Limits
from serve.scoring.throughput import Clock
from serve.scoring.watchdog import Vitals
from serve.settings import Settings
from serve.telemetry.metrics import Metrics
from serve.telemetry.observe import Observe

# FastAPI's own telemetry would write the values of bad requests and the messages of errors, which
# quote the text, to whatever OpenTelemetry is set up; serve.observe tells what may be told.
_UNTOLD: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
_ABOUT = (
    "Which sentences of an official statement express agreement, criticism or demand: any of "
    "them, several, or none."
)


def create_app(
    settings: Settings,
    classifier: Classifier | None = None,
    *,
    opener: Opener = open_served,
    clock: Clock = time.monotonic,
) -> FastAPI:
    """Make the application; a classifier given is used as it is, else the settings' one is loaded.

    Loading happens when the application starts, and raises ArtifactError for a model that cannot
    be trusted: a service without a model does not start.

    `opener` makes of a model folder and a number of threads a model that is ready to serve; `clock`
    is that of deadlines, rates and progress, in seconds.

    Raises:
        InvalidData: lines that are no API keys.
        KeysMissing: without keys the service may only be reached from this machine.
    """
    keys = configured_keys(settings, clock)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(app, settings, classifier, opener=opener, clock=clock):
            yield

    # the documentation's scripts come from the installation: /docs works without the internet
    app: FastAPI = FastAPIOffline(
        title="Demarche",
        version="1",
        description=_ABOUT,
        lifespan=lifespan,
        redoc_url=None,
        redirect_slashes=False,  # the redirect would lead to whatever host the request names
        telemetry=_UNTOLD,
    )
    app.state.limits = Limits(
        settings.max_characters, settings.max_sentences, settings.deadline_seconds
    )
    app.state.annotations = StoreOnDemand(settings.annotations)
    app.state.keeper = Keeper(app.state.annotations, limit=settings.keep_scored)
    app.state.metrics, app.state.vitals = Metrics(), Vitals()
    app.state.inference = app.state.activation = app.state.startup_error = None
    _add_layers(app, settings, keys, clock)
    _add_routes(app, keys)
    return app


def _add_layers(app: FastAPI, settings: Settings, keys: KeySource | None, clock: Clock) -> None:
    """From the inside out: the last one added sees a request first."""
    app.add_middleware(
        BodyLimit,
        max_bytes=settings.max_body_bytes,
        max_values=VALUES_PER_SENTENCE * (settings.max_sentences + 1),
        seconds=settings.body_seconds,
    )
    app.add_middleware(Room)
    if keys:
        rate = RateLimit(per_minute=settings.requests_per_minute, clock=clock)
        app.add_middleware(Access, keys=keys, rate=rate)
    app.add_middleware(Disconnects)
    app.add_middleware(SameOrigin, hosts=configured_hosts(settings))
    app.add_middleware(MetricsPort, port=settings.metrics_port)
    app.add_middleware(Observe, metrics=app.state.metrics, clock=clock)
    app.add_middleware(SecurityHeaders)


def _add_routes(app: FastAPI, keys: KeySource | None) -> None:
    # the layer decides; this only writes it into the documentation
    bearer = [Depends(HTTPBearer(auto_error=False))] if keys else []
    responses = problem_responses(401, 403, 429) if keys else {}
    for router in (api_routes(), annotation_routes(), queue_routes(), model_routes()):
        app.include_router(router, dependencies=bearer, responses=responses)
    app.include_router(probe_routes())
    add_error_handlers(app)
