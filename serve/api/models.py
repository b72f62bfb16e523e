"""The paths of models: which there are, putting one into service, going back."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi import Path as InPath
from starlette.exceptions import HTTPException

from serve.api.problems import problem_responses
from serve.api.stance_schemas import ListedModel, ModelList, RefusedModel
from serve.live.activation import Activation
from serve.live.live import Live

_ANONYMOUS = "somebody over HTTP"


async def _activation(request: Request) -> Activation:
    activation: Activation | None = request.app.state.activation
    if activation is None:
        raise HTTPException(503)
    return activation


CurrentActivation = Annotated[Activation, Depends(_activation)]
Version = Annotated[str, InPath(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$")]


def model_routes() -> APIRouter:
    """The routes under /v1/models."""
    api = APIRouter(prefix="/v1/models", tags=["models"])
    api.add_api_route(
        "", models, methods=["GET"], response_model=ModelList, responses=problem_responses(500, 503)
    )
    # before the path with a version, which it would fit
    for path, call in (("/rollback", rollback), ("/{version}/activate", activate)):
        api.add_api_route(
            path,
            call,
            methods=["POST"],
            response_model=ModelList,
            responses=problem_responses(404, 409, 422, 500, 503),
        )
    return api


async def models(activation: CurrentActivation) -> ModelList:
    """List the models: which answers, which was refused and why."""
    return await _listed(activation)


async def activate(version: Version, request: Request, activation: CurrentActivation) -> ModelList:
    """Load a model beside the one in service, let it prove itself, and swap."""
    folder, event = await asyncio.to_thread(activation.find, version, _who(request))
    await activation.activate(folder, event)
    return await _listed(activation)


async def rollback(request: Request, activation: CurrentActivation) -> ModelList:
    """Go back to the model that was live before; the present one is blocked from now on."""
    await activation.roll_back(_who(request))
    return await _listed(activation)


def _who(request: Request) -> str:
    key = request.state.facts.get("key")
    return f"key {key}" if key else _ANONYMOUS


async def _listed(activation: Activation) -> ModelList:
    versions = await asyncio.to_thread(activation.versions)
    serving = activation.live.classifier.manifest.version
    return ModelList(
        serving=serving,
        refused=_refused(activation.live),
        models=[
            ListedModel(
                version=each.version,
                state=each.state,
                created=each.created,
                macro_f1=each.macro_f1,
                note=each.note,
                serving=each.version == serving,
            )
            for each in versions
        ],
    )


def _refused(live: Live) -> RefusedModel | None:
    last = live.refused
    if last is None:
        return None
    return RefusedModel(version=last.version, reason=last.reason, at=last.at.isoformat())
