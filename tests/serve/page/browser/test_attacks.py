"""Pages of other origins: nothing they send reaches a handler; all of it reaches a bare one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from playwright.sync_api import Browser, Route
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from serve.app import create_app
from serve.settings import Settings
from tests.browsers import listening, until
from tests.fakes import FakeClassifier

WAYS = ("fetch", "img", "beacon", "form", "iframe")
ATTACK = """async ([target, from]) => {
  const at = (way) => `${target}/hit/${from}-${way}`;
  const make = (tag) => document.createElement(tag);
  const add = (tag, fields) => document.body.append(Object.assign(make(tag), fields));
  fetch(at('fetch'), { method: 'POST', mode: 'no-cors' }).catch(() => {});
  add('img', { src: at('img') });
  navigator.sendBeacon(at('beacon'), 'x');
  add('iframe', { name: 'f' });
  add('form', { id: 'go', method: 'post', action: at('form'), target: 'f' });
  document.getElementById('go').submit();
  add('iframe', { src: at('iframe') });
}"""


class Arrivals:
    """ASGI middleware, outermost: notes what comes in, whatever becomes of it."""

    def __init__(self, app: ASGIApp, *, noted: set[str]) -> None:
        self._app, self._noted = app, noted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/hit/"):
            self._noted.add(scope["path"].removeprefix("/hit/"))
        await self._app(scope, receive, send)


class Target:
    """A service whose handler notes who reaches it."""

    def __init__(self, app: FastAPI) -> None:
        self.arrived: set[str] = set()
        self.reached: set[str] = set()
        self.app = app
        app.add_api_route("/hit/{what}", self._hit, methods=["GET", "POST"])
        app.add_middleware(Arrivals, noted=self.arrived)

    async def _hit(self, request: Request) -> Response:
        self.reached.add(request.path_params["what"])
        return Response("done")


@pytest.fixture
def attacker() -> Iterator[int]:
    app = FastAPI()
    app.add_api_route("/", lambda: HTMLResponse("<!doctype html><title>evil</title><body>"))
    with listening(app) as port:
        yield port


def attack(chromium: Browser, target: Target, attacker: int) -> None:
    """Send every variant from three origins; returns once each has come in."""
    with listening(target.app) as port:
        context = chromium.new_context()
        context.route(
            f"http://evil.example:{port}/",  # a name that was made to lead here
            lambda route: _fulfil(route),
        )
        origins = {
            "foreign": (f"http://evil.example:{attacker}/", f"http://127.0.0.1:{port}"),
            "same-site": (f"http://localhost:{attacker}/", f"http://localhost:{port}"),
            "rebound": (f"http://evil.example:{port}/", f"http://evil.example:{port}"),
        }
        for name, (page_url, service) in origins.items():
            page = context.new_page()
            page.goto(page_url)
            page.evaluate(ATTACK, [service, name])
            wanted = {f"{name}-{way}" for way in WAYS}
            until(lambda: wanted <= target.arrived, pump=lambda: page.wait_for_timeout(20))  # noqa: B023
        context.close()


def _fulfil(route: Route) -> None:
    route.fulfill(body="<!doctype html><title>evil</title><body>", content_type="text/html")


def test_nothing_of_another_origin_reaches_a_handler(
    chromium: Browser, attacker: int, tmp_path: Path
):
    settings = Settings(annotations=str(tmp_path / "a.db"), hosts="")
    target = Target(create_app(settings, FakeClassifier()))

    attack(chromium, target, attacker)

    assert len(target.arrived) == 15
    assert target.reached == set()


def test_the_same_attacks_reach_what_is_not_guarded(chromium: Browser, attacker: int):
    target = Target(FastAPI())

    attack(chromium, target, attacker)

    assert len(target.reached) == 15
