"""The routes that say what there is to know before one answers: the codebook, and who one is."""

import asyncio
from dataclasses import asdict
from functools import cache

from fastapi import APIRouter

from data.annotation.codebook import Codebook, read_codebook
from serve.api.dependencies import CurrentRecord
from serve.api.problems import problem_responses
from serve.api.schemas.about import CodebookPage, Me
from serve.guard.keys import Scope


def about_routes() -> APIRouter:
    """The routes /v1/codebook and /v1/me."""
    api = APIRouter(prefix="/v1", tags=["annotations"])
    api.add_api_route(
        "/codebook",
        codebook,
        methods=["GET"],
        response_model=CodebookPage,
        responses=problem_responses(500),
    )
    api.add_api_route("/me", me, methods=["GET"], response_model=Me)
    return api


async def codebook() -> CodebookPage:
    """Give the codebook: what each label means, in which order to decide, the rulings."""
    return CodebookPage.model_validate(asdict(await asyncio.to_thread(known_codebook)))


async def me(record: CurrentRecord) -> Me:
    """Say whose key this is and what it reaches; where no keys are needed, everything."""
    scopes = record.scopes if record.key is not None else frozenset(Scope)
    return Me(key=record.key, scopes=sorted(scopes))


@cache
def known_codebook() -> Codebook:
    """The codebook that comes with the software, read once."""
    return read_codebook()
