"""The composition root of the service: everything is made here and handed on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from model.artifact import open_artifact
from model.classifier import StanceClassifier
from model.golden import open_proven
from model.registry import Registry
from serve.annotation_routes import StoreOnDemand, annotation_routes
from serve.body_limit import BodyLimit
from serve.errors import add_error_handlers
from serve.inference import Classifier, InferenceThread
from serve.limits import Limits
from serve.routes import api_routes, plain_routes, require_json
from serve.settings import Settings

_ABOUT = (
    "Which sentences of an official statement express agreement, criticism or demand: any of "
    "them, several, or none."
)


def create_app(settings: Settings, classifier: Classifier | None = None) -> FastAPI:
    """Make the application; a classifier given is used as it is, else the settings' one is loaded.

    Loading happens when the application starts, and raises ArtifactError for a model that cannot
    be trusted: a service without a model does not start.
    """
    limits = Limits(characters=settings.max_characters, sentences=settings.max_sentences)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        served = classifier or _load(settings)
        app.state.inference = inference = InferenceThread(served, limits)
        try:
            yield
        finally:
            app.state.inference = None
            inference.close()
            app.state.annotations.close()

    # the documentation's scripts come from the installation: /docs works without the internet
    app: FastAPI = FastAPIOffline(
        title="Demarche", version="1", description=_ABOUT, lifespan=lifespan, redoc_url=None
    )
    app.state.limits, app.state.inference = limits, None
    app.state.annotations = StoreOnDemand(settings.annotations)
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    app.include_router(api_routes())
    app.include_router(annotation_routes(require_json=require_json))
    app.include_router(plain_routes())
    add_error_handlers(app)
    return app


def _load(settings: Settings) -> StanceClassifier:
    folder = settings.model or Registry(settings.models).live()
    return open_proven(open_artifact(folder), threads=settings.threads)
