"""Make the application: the only place where the parts of the service are put together."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import Depends, FastAPI
from fastapi.security import HTTPBearer
from fastapi.telemetry import TelemetryConfig
from fastapi_offline import FastAPIOffline

from serve.annotating.recorder import ScoredRecorder
from serve.annotating.store_on_demand import StoreOnDemand
from serve.api.about import about_routes
from serve.api.annotations import annotation_routes
from serve.api.models import model_routes
from serve.api.probes import probe_routes
from serve.api.problems import add_error_handlers, problem_of, problem_responses
from serve.api.queue import queue_routes
from serve.api.stances import stance_routes
from serve.clock import Clock
from serve.guard.access import Access
from serve.guard.body_limit import BodyLimit, most_values
from serve.guard.disconnects import Disconnects
from serve.guard.hosts import SameOrigin, configured_hosts
from serve.guard.key_file import KeySource, configured_keys
from serve.guard.load_shedding import LoadShedding
from serve.guard.metrics_port import MetricsPort
from serve.guard.paths import PROBES
from serve.guard.rate import RateLimit
from serve.guard.security_headers import SecurityHeaders
from serve.guard.serving_header import ServingHeader
from serve.guard.sessions import Sessions, add_sessions
from serve.page.errors import PageProblems
from serve.page.routes import add_page
from serve.process.lifespan import Opener, open_served, running
from serve.scoring.job import Classifier
from serve.scoring.limits import Limits
from serve.scoring.watchdog import HealthState
from serve.service import Service, add_service, service_of
from serve.settings import Settings
from serve.telemetry.metrics import Metrics
from serve.telemetry.observe import Observe

# FastAPI's own telemetry would write the values of bad requests and the messages of errors, which
# quote the text, to any OpenTelemetry that is set up; serve/telemetry writes no text.
_NO_TELEMETRY: TelemetryConfig = {
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
    opener: Opener | None = None,
    clock: Clock = time.monotonic,
) -> FastAPI:
    """Make the application.

    The model is loaded when the application starts. A model that cannot be trusted raises
    ArtifactError then: a service without a model does not start.

    Args:
        settings: what the environment or the command line set.
        classifier: used as it is; if None, the settings' model is loaded.
        opener: loads a model folder for a number of threads, ready to serve; None does it with
            the settings' effort.
        clock: monotonic seconds, for deadlines, rates and progress.

    Raises:
        InvalidData: a line of the keys is not an API key.
        KeysMissing: without keys the service may only be reached from this machine.
    """
    keys, service = configured_keys(settings, clock), _make_service(settings)
    opened = opener or partial(open_served, effort=settings.effort)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with running(service, settings, classifier, opener=opened, clock=clock):
            yield

    # its scripts are part of the installation, so that /docs works without the internet
    app: FastAPI = FastAPIOffline(
        title="Demarche",
        version="1",
        description=_ABOUT,
        lifespan=lifespan,
        redoc_url=None,
        redirect_slashes=False,  # the redirect would lead to whatever host the request names
        telemetry=_NO_TELEMETRY,
    )
    add_service(app, service)
    _add_middleware(app, settings, keys, clock)
    _add_routes(app, keys)
    return app


def _make_service(settings: Settings) -> Service:
    annotations = StoreOnDemand(settings.annotations)
    return Service(
        limits=Limits(
            settings.max_characters,
            settings.max_sentences,
            settings.deadline_seconds,
            settings.max_annotations,
        ),
        annotations=annotations,
        recorder=ScoredRecorder(annotations, limit=settings.keep_scored),
        metrics=Metrics(),
        health=HealthState(),
    )


def _add_middleware(app: FastAPI, settings: Settings, keys: KeySource | None, clock: Clock) -> None:
    """Add the layers from the inside out: the last one added sees a request first."""
    app.add_middleware(
        BodyLimit,
        max_bytes=settings.max_body_bytes,
        max_values=most_values(settings.max_annotations, settings.max_sentences),
        seconds=settings.body_seconds,
    )
    app.add_middleware(LoadShedding)
    if keys:
        rate = RateLimit(per_minute=settings.requests_per_minute, clock=clock)
        sessions = Sessions(keys, clock)
        add_sessions(app, sessions)
        app.add_middleware(Access, keys=keys, sessions=sessions, rate=rate)
    app.add_middleware(Disconnects)
    app.add_middleware(PageProblems)
    app.add_middleware(SameOrigin, hosts=configured_hosts(settings))
    app.add_middleware(MetricsPort, port=settings.metrics_port)
    app.add_middleware(
        Observe,
        metrics=service_of(app).metrics,
        clock=clock,
        respond=problem_of,
        quiet=PROBES,
    )
    app.add_middleware(ServingHeader)
    app.add_middleware(SecurityHeaders)


def _add_routes(app: FastAPI, keys: KeySource | None) -> None:
    # Access decides who may call; this only writes it into the documentation
    bearer = [Depends(HTTPBearer(auto_error=False))] if keys else []
    responses = problem_responses(401, 403, 429) if keys else {}
    routers = (stance_routes(), annotation_routes(), queue_routes(), model_routes(), about_routes())
    for router in routers:
        app.include_router(router, dependencies=bearer, responses=responses)
    app.include_router(probe_routes())
    add_page(app)
    add_error_handlers(app)
