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

from model.errors import DemarcheError
from serve.clock import Clock
from serve.process.connection import Connection, ConnectionLimits
from serve.refusals import EngineUnhealthy
from serve.scoring.watchdog import HealthState
from serve.service import service_of
from serve.settings import Settings

# Connections that wait to be accepted; beyond it the kernel lets clients try again.
_BACKLOG = 256


def serve(app: FastAPI, settings: Settings, *, announce: Callable[[str], None]) -> None:
    """Serve until told to stop, and finish what was accepted; `announce` is told the address.

    Raises:
        OSError: the address cannot be listened on.
        DemarcheError: the application did not start.

    An engine that was given up ends the process with status 70, since its thread cannot be ended.
    """
    listener = _listen(settings)
    health = service_of(app).health
    server = Server(make_config(app, settings), health, delay=settings.drain_delay_seconds)
    server.announce = announce
    # uvicorn drains on either signal and then raises it again; drained, there is nothing to add
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    if health.hung:
        sys.stderr.flush()
        os._exit(EngineUnhealthy.exit_code)
    if not server.started:
        raise DemarcheError("the service did not start; the lines above say why")


class Server(uvicorn.Server):
    """uvicorn's server, which says where it answers, and leaves in good order.

    The first SIGTERM makes it unready at once; for `delay` seconds it serves on, so that whoever
    sends it requests learns of it; then it accepts no more and finishes what it has.
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
        """Start, then announce."""
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            self.announce(f"http://{f'[{host}]' if ':' in host else host}:{port}")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Drain; a second signal ends the delay, a third does not wait for anything."""
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
    limits = ConnectionLimits(settings.max_connections, settings.header_seconds)
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=partial(Connection, limits=limits),  # type: ignore[arg-type]  # it is called, no more
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        backlog=_BACKLOG,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.drain_seconds,
    )


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise OSError(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror}): "
            f"choose another, for example make serve PORT={settings.port + 1}"
        ) from error
    return listener
