"""The outermost layer of a request: its id, its trace, its line in the log, its metrics.

Neither a text nor the message of an unexpected error is written anywhere: messages may quote texts.
"""

import asyncio
import traceback
from collections.abc import Callable, Collection
from typing import Any, Protocol
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from model.errors import DemarcheError
from serve.clock import Clock
from serve.refusals import Draining
from serve.telemetry.metrics import Metrics
from serve.telemetry.request_record import RequestRecord, add_record
from serve.telemetry.traces import Span, continue_trace

_METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())
# the status that a request is counted with whose client left; nothing is sent
_CLIENT_LEFT = 499
_REASONS = {
    401: "unauthorized",
    403: "unauthorized",
    413: "too_large",
    429: "quota",
    499: "cancelled",
    504: "deadline",
}
# codes that are reasons of their own, whatever else their status means
_REASON_CODES = frozenset({"cross_site", "wrong_host"})

_log = structlog.stdlib.get_logger()


class ErrorResponse(Protocol):
    """The response to a request that ended with an error."""

    code: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        ...


class Observe:
    """ASGI middleware around everything else; no exception passes it.

    Args:
        respond: makes the response to an error, given the error and the request's id.
        quiet: routes that leave no line in the log, such as probes.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        metrics: Metrics,
        clock: Clock,
        respond: Callable[[Exception, str], ErrorResponse],
        quiet: Collection[str],
    ) -> None:
        self._app, self._metrics, self._clock = app, metrics, clock
        self._respond, self._quiet = respond, frozenset(quiet)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, whatever happens inside; then log and count it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        span = continue_trace(Headers(scope=scope).get("traceparent", ""))
        record = RequestRecord(str(uuid4()))
        add_record(scope, record)
        sent = _SentResponse(send, span, record.request_id)
        began = self._clock()
        with self._metrics.inflight.track_inprogress():
            await self._answer(scope, receive, record, sent)
        self._report(scope, record, sent, self._clock() - began)

    async def _answer(
        self, scope: Scope, receive: Receive, record: RequestRecord, sent: "_SentResponse"
    ) -> None:
        try:
            await self._app(scope, receive, sent.send)
        except asyncio.CancelledError:  # the time to finish accepted work is over
            error: Exception = Draining("the service is being stopped: send it again")
        except Exception as raised:  # noqa: BLE001 - every request gets an answer
            error = raised
        else:
            return
        if not isinstance(error, (DemarcheError, HTTPException)):
            _log.error("unexpected", request_id=record.request_id, **_place(error))
        response = self._respond(error, record.request_id)
        record.code = response.code
        if sent.status is None:
            await response(scope, receive, sent.send)

    def _report(
        self, scope: Scope, record: RequestRecord, sent: "_SentResponse", seconds: float
    ) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        status = sent.status or _CLIENT_LEFT
        if record.result is not None:
            self._metrics.on_result(record.result)
        self._metrics.requests.labels(route, method, str(status)).inc()
        self._metrics.request_seconds.labels(route).observe(seconds)
        if reason := _reason(status, record.code):
            self._metrics.rejected.labels(reason).inc()
        if route in self._quiet:
            return
        _log.info(
            "request",
            route=route,
            method=method,
            status=status,
            ms=round(seconds * 1000, 1),
            request_id=record.request_id,
            trace_id=sent.span.trace_id,
            span_id=sent.span.span_id,
            **record.log_fields(),
        )


class _SentResponse:
    """The status that was sent, if any, and the headers that every response carries."""

    def __init__(self, send: Send, span: Span, request_id: str) -> None:
        self._send, self.span, self._request_id = send, span, request_id
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        """Pass a message on; adds the headers to the first."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self._request_id
            headers["traceparent"] = self.span.traceparent
        await self._send(message)


def _reason(status: int, code: str | None) -> str | None:
    return code if status == 503 or code in _REASON_CODES else _REASONS.get(status)


def _place(error: Exception) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "where": places[-8:]}
