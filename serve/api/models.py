"""The routes of models: list them, put one into service, go back to the one before."""

import asyncio
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse

from serve.api.dependencies import CurrentActivation, CurrentRecord
from serve.api.problems import problem_responses
from serve.api.schemas.models import (
    ListedModel,
    ModelChange,
    ModelEvent,
    ModelHistory,
    ModelList,
    RefusedModel,
)
from serve.live.activation import Activation
from serve.live.live import Live
from serve.telemetry.request_record import RequestRecord

_ANONYMOUS = "somebody over HTTP"
# its pictures are in it; it may run nothing, ask for nothing and send nothing
_REPORT_POLICY = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


Version = Annotated[str, InPath(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$")]


def model_routes() -> APIRouter:
    """The routes under /v1/models."""
    api = APIRouter(prefix="/v1/models", tags=["models"])
    api.add_api_route(
        "", models, methods=["GET"], response_model=ModelList, responses=problem_responses(500, 503)
    )
    api.add_api_route(
        "/history",
        history,
        methods=["GET"],
        response_model=ModelHistory,
        responses=problem_responses(500, 503),
    )
    api.add_api_route(
        "/{version}/report",
        report,
        methods=["GET"],
        response_class=HTMLResponse,
        responses=problem_responses(404, 422, 500, 503),
    )
    # rollback first: the other path would match it too
    for path, call in (("/rollback", rollback), ("/{version}/activate", activate)):
        api.add_api_route(
            path,
            call,
            methods=["POST"],
            response_model=ModelList,
            responses=problem_responses(400, 404, 408, 409, 413, 415, 422, 500, 503),
        )
    return api


async def models(activation: CurrentActivation) -> ModelList:
    """List the models: which one is in service, and which was refused, with the reason."""
    return await listed(activation)


async def history(activation: CurrentActivation) -> ModelHistory:
    """List every promotion, rollback and refusal, the newest first, with the gate's verdicts."""
    held = await asyncio.to_thread(activation.history)
    return ModelHistory(events=[ModelEvent.of(each) for each in reversed(held.events)])


async def report(version: Version, activation: CurrentActivation) -> HTMLResponse:
    """Show the page of figures that a model was trained with, in a sandbox: it is a file."""
    page = await asyncio.to_thread(activation.report, version)
    return HTMLResponse(page, headers={"Content-Security-Policy": _REPORT_POLICY})


async def activate(
    version: Version,
    record: CurrentRecord,
    activation: CurrentActivation,
    change: ModelChange | None = None,
) -> ModelList:
    """Load a model beside the one in service, check its golden scores, and swap."""
    who, why = _who(record), change.reason if change else ""
    folder, event = await asyncio.to_thread(activation.find, version, who, why)
    await activation.activate(folder, event)
    return await listed(activation)


async def rollback(
    record: CurrentRecord, activation: CurrentActivation, change: ModelChange | None = None
) -> ModelList:
    """Go back to the model that was live before; the present one is blocked from now on."""
    await activation.roll_back(_who(record), change.reason if change else "")
    return await listed(activation)


def _who(record: RequestRecord) -> str:
    return f"key {record.key}" if record.key else _ANONYMOUS


async def listed(activation: Activation) -> ModelList:
    """List the models of the registry, and which one answers."""
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
                macro_f1_interval=each.interval,
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
