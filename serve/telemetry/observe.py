"""The outermost layer of a request: its id, its trace, its line in the log, its metrics.

No text and no message of an unexpected error is written anywhere: messages may quote the text.
"""

import asyncio
import traceback
from typing import Any
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from model.errors import DemarcheError
from serve.api.problems import problem_of
from serve.guard.paths import PROBES
from serve.refusals import Draining
from serve.scoring.inference import Answer
from serve.scoring.throughput import Clock
from serve.telemetry.metrics import Metrics
from serve.telemetry.traces import Span, continue_trace

_METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())
# what a client that left is counted as; nothing is sent
_CLIENT_LEFT = 499
_REASONS = {
    401: "unauthorized",
    403: "unauthorized",
    413: "too_large",
    429: "quota",
    499: "cancelled",
    504: "deadline",
}

_log = structlog.stdlib.get_logger()


class Observe:
    """ASGI middleware around everything else; no exception passes it."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, clock: Clock) -> None:
        self._app, self._metrics, self._clock = app, metrics, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, whatever happens inside, and tell of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        span = continue_trace(Headers(scope=scope).get("traceparent", ""))
        answer = _Answer(send, span)
        state = scope.setdefault("state", {})
        state.update(request_id=answer.request_id, facts={})
        began = self._clock()
        with self._metrics.inflight.track_inprogress():
            await self._answered(scope, receive, answer)
        seconds = self._clock() - began
        self._tell(scope, answer, seconds, state["facts"] | self._counted(state.get("answer")))

    async def _answered(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            await self._app(scope, receive, answer.send)
        except asyncio.CancelledError:  # the time to finish accepted work is over
            error: Exception = Draining("the service is being stopped: send it again")
        except Exception as raised:  # noqa: BLE001 - every request gets an answer
            error = raised
        else:
            return
        if not isinstance(error, DemarcheError):
            _log.error("unexpected", request_id=answer.request_id, **_where(error))
        problem = problem_of(error, request_id=answer.request_id)
        scope["state"]["facts"]["code"] = problem.code
        if answer.status is None:
            await problem(scope, receive, answer.send)

    def _counted(self, answer: Answer | None) -> dict[str, Any]:
        if answer is None:
            return {}
        self._metrics.on_answer(answer)
        sentences, version = len(answer.scored), answer.manifest.version
        return {"version": version, "sentences": sentences, "tokens": answer.tokens}

    def _tell(self, scope: Scope, answer: "_Answer", seconds: float, facts: dict[str, Any]) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        status = answer.status or _CLIENT_LEFT
        self._metrics.requests.labels(route, method, str(status)).inc()
        self._metrics.request_seconds.labels(route).observe(seconds)
        if reason := facts.get("code") if status == 503 else _REASONS.get(status):
            self._metrics.rejected.labels(reason).inc()
        if route in PROBES:
            return
        _log.info(
            "request",
            route=route,
            method=method,
            status=status,
            ms=round(seconds * 1000, 1),
            request_id=answer.request_id,
            trace_id=answer.span.trace_id,
            span_id=answer.span.span_id,
            **facts,
        )


class _Answer:
    """What was sent so far, with the headers that every answer carries."""

    def __init__(self, send: Send, span: Span) -> None:
        self._send, self.span = send, span
        self.request_id = str(uuid4())
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self.request_id
            headers["traceparent"] = self.span.traceparent
        await self._send(message)


def _where(error: Exception) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "where": places[-8:]}
