"""Requests straight to an application, which may leave at any moment, as clients do."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI

from serve.scoring.backlog import Backlog
from serve.service import service_of


@dataclass
class Call:
    """A POST of JSON; `leave` makes the client go away, `answer` is what it got, or nothing."""

    app: FastAPI
    body: object
    path: str = "/v1/classify"
    headers: dict[str, str] = field(default_factory=dict)
    sent: list[dict[str, Any]] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self) -> asyncio.Task[None]:
        """Send it; the task ends when the application has ended with it."""
        self._body = [json.dumps(self.body).encode()]
        return asyncio.create_task(self.app(self._scope(), self._receive, self._send))

    def leave(self) -> None:
        self.gone.set()

    @property
    def status(self) -> int | None:
        return self.sent[0]["status"] if self.sent else None

    @property
    def answer(self) -> dict[str, Any]:
        return json.loads(b"".join(message.get("body", b"") for message in self.sent))

    async def _receive(self) -> dict[str, Any]:
        if self._body:
            return {"type": "http.request", "body": self._body.pop(), "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        self.sent.append(dict(message))

    def _scope(self) -> dict[str, Any]:
        headers = {"content-type": "application/json", **self.headers}
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("test", 80),
        }


@asynccontextmanager
async def started(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The application, started, and a client for it."""
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield client


def backlog_of(app: FastAPI) -> Backlog:
    """The backlog of an application that was started."""
    scoring = service_of(app).scoring
    assert scoring is not None
    return scoring.backlog


async def until(holds: Callable[[], bool]) -> None:
    """Let everything else run until something holds."""
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0)
