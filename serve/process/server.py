"""The process around the application: listening, announcing, draining, leaving."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import FrameType

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from model.errors import DemarcheError
from serve.clock import Clock
from serve.process.connection import Connection
from serve.process.connection_timers import ConnectionLimits
from serve.refusals import EngineUnhealthy
from serve.scoring.watchdog import HealthState
from serve.service import service_of
from serve.settings import Settings

# Connections that wait to be accepted; beyond it the kernel lets clients try again.
_BACKLOG = 256


def serve(app: FastAPI, settings: Settings, *, announce: Callable[[str], None]) -> None:
    """Serve until told to stop, and finish what was accepted; `announce` is told the address.

    Raises:
        OSError: an address cannot be listened on.
        DemarcheError: the application did not start; the reason is the application's own, if it
            is one that can be said.

    An engine that was given up ends the process with status 70, since its thread cannot be ended.
    """
    listeners = _listen_on_all(settings)
    service = service_of(app)
    health = service.health
    server = Server(make_config(app, settings), health, delay=settings.drain_delay_seconds)
    server.announce = announce
    # uvicorn drains on either signal and then raises it again; drained, there is nothing to add
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # it is ignored under nohup
        signal.signal(signal.SIGHUP, server.handle_exit)
    with suppress(KeyboardInterrupt, StartupFailed):
        server.run(sockets=listeners)
    if health.hung:
        sys.stderr.flush()
        os._exit(EngineUnhealthy.exit_code)
    if not server.started:
        raise service.startup_error or DemarcheError(
            "the service did not start; the lines above say why"
        )


class StartupFailed(Exception):
    """The application did not start."""


class Server(uvicorn.Server):
    """uvicorn's server, which says where it answers, and leaves in good order.

    The first SIGTERM or SIGHUP makes it unready at once; for `delay` seconds it serves on, so that
    whoever sends it requests learns of it; then it accepts no more and finishes what it has.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        health: HealthState,
        *,
        delay: float,
        clock: Clock = time.monotonic,
    ) -> None:
        super().__init__(config)
        self.announce: Callable[[str], None] = lambda _: None
        self._health, self._delay, self._clock = health, delay, clock
        self._leave_at: float | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then announce; raises StartupFailed."""
        try:
            await super().startup(sockets)
        except SystemExit as error:  # uvicorn would leave with a status of its own
            raise StartupFailed from error
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            self.announce(f"http://{f'[{host}]' if ':' in host else host}:{port}")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Drain; a second signal ends the delay, a third does not wait for anything."""
        sig = signal.SIGTERM if sig == signal.SIGHUP else sig
        if sig == signal.SIGTERM and self._delay and not self._health.draining:
            self._leave_at = self._clock() + self._delay
        elif self.should_exit:
            self.force_exit = True
        else:
            super().handle_exit(sig, frame)
        self._health.draining = True

    async def on_tick(self, counter: int) -> bool:
        """Whether to leave now; asked ten times a second."""
        if self._health.hung or (self._leave_at is not None and self._clock() >= self._leave_at):
            return True
        return await super().on_tick(counter)


def make_config(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """What uvicorn is told."""
    limits = ConnectionLimits(
        connections=settings.max_connections,
        header_seconds=settings.header_seconds,
        body_seconds=settings.body_seconds,
        keep_alive_seconds=settings.keep_alive_seconds,
        send_seconds=settings.send_seconds,
    )
    return uvicorn.Config(
        quiet_startup(app),
        loop="uvloop",
        http=partial(Connection, limits=limits, on_refusal=service_of(app).metrics.on_refusal),  # type: ignore[arg-type]  # it is called, no more
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        backlog=_BACKLOG,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.drain_seconds,
    )


def quiet_startup(app: FastAPI) -> ASGIApp:
    """The application, whose expected failures to start are not logged as a traceback.

    `serve` raises them, and the command line says them in one line.
    """

    async def quiet(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_quietly(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed" and service_of(app).startup_error:
                message = {**message, "message": ""}
            await send(message)

        await app(scope, receive, send_quietly if scope["type"] == "lifespan" else send)

    return quiet


def _listen_on_all(settings: Settings) -> list[socket.socket]:
    listeners = [_listen(settings.host, settings.port)]
    if settings.metrics_port:
        try:
            listeners.append(_listen(settings.host, settings.metrics_port))
        except OSError:
            listeners[0].close()
            raise
    return listeners


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise OSError(
            f"cannot listen on {host}:{port} ({error.strerror}): "
            f"choose another, for example make serve PORT={port + 1}"
        ) from error
    return listener
