"""The service for a browser, and the browser: Debian's Chromium, driven by Playwright."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from serve.app import create_app
from serve.service import service_of
from serve.settings import Settings
from tests.fakes import FakeClassifier

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
# names that attacks use lead to this machine, as after DNS rebinding
_ARGUMENTS = [
    "--no-sandbox",
    "--host-resolver-rules=MAP *.example 127.0.0.1",
    # not every browser asks before a page reaches this machine: what is tested must not need it
    "--disable-features=LocalNetworkAccessChecks",
]


def require_chromium() -> None:
    """Skip, saying why, where there is no Chromium; CI sets REQUIRE_BROWSER and fails instead."""
    if not CHROMIUM.exists():
        reason = f"there is no Chromium at {CHROMIUM}; CHROMIUM= says where one is"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip)(reason)


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)


@contextmanager
def listening(app: FastAPI) -> Iterator[int]:
    """The application on a free port, in a thread; gives the port."""
    config = uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)


@contextmanager
def serving(folder: Path, **settings: Any) -> Iterator["Site"]:
    """The service with a fake classifier and a store of its own in a folder."""
    chosen = Settings(annotations=str(folder / "annotations.db"), keep_scored=1000, **settings)
    app = create_app(chosen, FakeClassifier())
    with listening(app) as port:
        yield Site(app, port)


def until(true: Callable[[], bool], *, pump: Callable[[], object] | None = None) -> None:
    """Look until it is so; `pump` lets a browser's events come meanwhile."""
    ends = time.monotonic() + 20
    while not true():
        assert time.monotonic() < ends, "it did not come to that"
        pump() if pump else time.sleep(0.01)


@dataclass
class Seen:
    """What a page did that it should not: messages in the console, requests to other hosts."""

    console: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext, host: str) -> None:
        """Note all of it; requests to other hosts fail."""
        context.on("console", lambda message: self.console.append(message.text))
        context.on("weberror", lambda error: self.console.append(str(error.error)))

        def pass_on(route: Any) -> None:
            url = route.request.url
            if url.startswith((f"http://{host}/", "data:", "blob:")):
                route.continue_()
            else:
                self.elsewhere.append(url)
                route.abort()

        context.route("**/*", pass_on)


@dataclass
class Site:
    """The running service."""

    app: FastAPI
    port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def get(self, path: str, **params: str) -> Any:
        return httpx.get(f"{self.url}{path}", params=params).json()

    def post(self, path: str, body: object) -> Any:
        answer = httpx.post(f"{self.url}{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def judgements(self) -> list[tuple[str, str, list[str] | None]]:
        """(text, annotator, labels) of all that stands."""
        held = self.get("/v1/annotations", limit="1000")["sentences"]
        return [(s["text"], j["annotator"], j["labels"]) for s in held for j in s["judgements"]]

    def score(self, text: str) -> None:
        """Have a statement kept for the queue."""
        self.post("/v1/classify", {"text": text})
        service_of(self.app).recorder.flush()


def read(page: Page, text: str) -> None:
    """Paste a statement and have it read."""
    page.goto("/")
    page.get_by_label("Statement").fill(text)
    page.get_by_role("button", name="Read it").click()
    page.locator("#reading").wait_for()
    page.wait_for_load_state()  # the modules have run


def saved(page: Page) -> None:
    """Wait until nothing waits in the outbox any more."""
    box = "localStorage.getItem('demarche-outbox') || '[]'"
    until(lambda: page.evaluate(box) == "[]", pump=lambda: page.wait_for_timeout(20))
