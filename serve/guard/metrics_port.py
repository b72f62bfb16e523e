"""A second port for whoever scrapes metrics inside a cluster, and holds no key.

A pod's annotations tell Prometheus a port and a path, and no key. On this port GET /metrics and the
probes are answered without one, and nothing else is; a network policy says who may reach it.
"""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from serve.guard.paths import PROBES

_MARK = "demarche.metrics_port"
_ANSWERED = ("/metrics", *PROBES)


class MetricsPort:
    """ASGI middleware: marks requests that came by the port for metrics, and limits them to it."""

    def __init__(self, app: ASGIApp, *, port: int | None) -> None:
        self._app, self._port = app, port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 404 for what this port does not have."""
        if (
            scope["type"] == "http"
            and self._port
            and (scope.get("server") or ("", 0))[1] == self._port
        ):
            if scope["path"] not in _ANSWERED:
                raise HTTPException(404, "this port has /metrics and the probes, and nothing else")
            scope[_MARK] = True
        await self._app(scope, receive, send)


def is_scrape(scope: Scope) -> bool:
    """Whether the request came by the port for metrics."""
    return bool(scope.get(_MARK))
