"""The service as a process of its own, and clients that keep it busy."""

import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any


@dataclass
class Server:
    """A started process: `port` is where it listens.

    What it prints is read as it comes: a log that nobody reads fills its pipe, and then the
    service stands still.
    """

    process: subprocess.Popen[str]
    port: int

    def __post_init__(self) -> None:
        self._printed: list[str] = []
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        self._printed.extend(self.process.stdout or ())

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """One request on a connection of its own; its status and its JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, {"content-type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def ended(self) -> tuple[int, str]:
        """Exit status and the rest of what it printed."""
        status = self.process.wait(60)
        self._reader.join(60)
        return status, "".join(self._printed)


@contextmanager
def serving(*arguments: str, port: int = 0, **settings: object) -> Iterator[Server]:
    """`python -m serve http` with these arguments and settings; killed at the end."""
    command = [sys.executable, "-m", "serve", "http", "--port", str(port), *arguments]
    with started(command, **settings) as server:
        yield server


@contextmanager
def started(command: Sequence[str], **settings: object) -> Iterator[Server]:
    """Any command that announces the service."""
    named = {f"DEMARCHE_{name.upper()}": str(value) for name, value in settings.items()}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **named},
    ) as process:
        lines: list[str] = []
        while not (found := re.search(r"ready at http://127.0.0.1:(\d+)", "".join(lines))):
            line = process.stdout.readline() if process.stdout else ""
            assert line, "".join(lines)
            lines.append(line)
        server = Server(process, int(found.group(1)))
        try:
            yield server
        finally:
            process.kill()
            server.ended()


class Load:
    """Clients that post as fast as they are answered, until the service is gone.

    `statuses` holds the status of every answer, `torn` how many broke off after they had begun.
    """

    def __init__(self, server: Server, body: object, *, clients: int = 4) -> None:
        self._server, self._body = server, body
        self.statuses: list[int] = []
        self.torn = 0
        self.flowing = Event()
        self._pool = ThreadPoolExecutor(clients)
        self._clients: list[Future[None]] = [
            self._pool.submit(self._post_until_refused) for _ in range(clients)
        ]

    def wait(self) -> None:
        """Wait until every client has found the service gone."""
        for client in self._clients:
            client.result(120)
        self._pool.shutdown()

    def _post_until_refused(self) -> None:
        while True:
            try:
                status, answer = self._server.ask("POST", "/v1/classify", self._body)
            except (ConnectionError, http.client.RemoteDisconnected):
                return
            except (http.client.IncompleteRead, ValueError):
                self.torn += 1
                return
            assert "code" in answer or "summary" in answer
            self.statuses.append(status)
            if len(self.statuses) >= 20:
                self.flowing.set()


def until(holds: Callable[[], bool]) -> None:
    """Ask again and again until it holds."""
    assert any(holds() for _ in range(20_000))
