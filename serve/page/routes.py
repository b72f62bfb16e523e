"""All routes of the page, in one place."""

from fastapi import APIRouter, FastAPI
from starlette.staticfiles import StaticFiles

from serve.page.conflicts import conflict_pages
from serve.page.export import export_routes
from serve.page.models import model_pages
from serve.page.queue import queue_pages
from serve.page.read import read_routes
from serve.page.rendering import STATIC
from serve.page.session import session_pages


def add_page(app: FastAPI) -> None:
    """Add the pages and the files that they are made with."""
    routers: tuple[APIRouter, ...] = (
        read_routes(),
        export_routes(),
        queue_pages(),
        conflict_pages(),
        model_pages(),
        session_pages(),
    )
    for router in routers:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
