"""Start servers as processes, and pause them while others are measured."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from model.command_line import Say

_LITSERVE = Path(__file__).with_name("litserve_app.py")
INFINITY = Path(".venv/infinity/bin/infinity_emb")
_START_SECONDS, _STOP_SECONDS = 240.0, 10.0


@dataclass(frozen=True)
class ServerSpec:
    """How a server is started and what requests it takes.

    Attributes:
        command: what starts it; "{port}" stands for its port.
        ready: the path that answers 200 once it serves.
        path: where sentences are posted.
        body: what is posted for some sentences.
    """

    name: str
    command: Sequence[str]
    ready: str
    path: str
    body: Callable[[Sequence[str]], object]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RunningServer:
    """A server that is ready."""

    spec: ServerSpec
    process: subprocess.Popen[bytes]
    base: str

    @property
    def url(self) -> str:
        """Where sentences are posted."""
        return self.base + self.spec.path

    def pause(self) -> None:
        """Stop the server and its workers, as polling would slow the others down."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused server run again."""
        os.killpg(self.process.pid, signal.SIGCONT)


@contextmanager
def start_server(spec: ServerSpec, say: Say) -> Iterator[RunningServer]:
    """Start a server on a free port and wait until it answers; it is ended with the block.

    Raises:
        RuntimeError: it ended or did not answer in time; with the end of what it wrote.
    """
    say(f"  starting {spec.name}")
    port = _free_port()
    command = [part.format(port=port) for part in spec.command]
    # set for this process, which tokenises on all cores; a server decides for itself
    own = {name: value for name, value in os.environ.items() if name != "TOKENIZERS_PARALLELISM"}
    environment = {**own, **spec.environment}
    with TemporaryFile() as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env=environment, start_new_session=True
        )
        server = RunningServer(spec, process, f"http://127.0.0.1:{port}")
        try:
            if trouble := _wait_until_ready(server):
                raise RuntimeError(f"{spec.name} {trouble}: {_end_of(log)}")
            yield server
        finally:
            _stop(server)


def demarche(model: Path | None, **settings: object) -> ServerSpec:
    """Describe this project's service; without a model it serves its registry's."""
    named = {f"DEMARCHE_{name.upper()}": str(value) for name, value in settings.items()}
    start = [sys.executable, "-m", "serve", "http", "--port", "{port}"]
    start += ["--model", str(model)] if model else []
    return ServerSpec("Demarche", start, "/readyz", "/v1/classify", _sentences, named)


def infinity(folder: Path) -> ServerSpec:
    """Describe infinity-emb with torch and its defaults, on a transformers folder."""
    start = [str(INFINITY), "v2", "--model-id", str(folder), "--served-model-name", "stance"]
    options = ["--engine", "torch", "--device", "cpu", "--host", "127.0.0.1", "--port", "{port}"]
    quiet = {"DO_NOT_TRACK": "1", "HF_HUB_OFFLINE": "1"}
    return ServerSpec(
        "infinity-emb (torch)",
        [*start, *options],
        "/health",
        "/classify",
        lambda sentences: {"model": "stance", "input": list(sentences)},
        quiet,
    )


def litserve(folder: Path) -> ServerSpec:
    """Describe LitServe around transformers.pipeline; see litserve_app."""
    start = [sys.executable, str(_LITSERVE), str(folder), "{port}"]
    return ServerSpec("LitServe + pipeline", start, "/health", "/predict", _sentences)


def _sentences(sentences: Sequence[str]) -> object:
    return {"sentences": list(sentences)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(server: RunningServer) -> str | None:
    """Wait until it answers; return what is wrong if it never does."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        if server.process.poll() is not None:
            return "ended"
        try:
            with urllib.request.urlopen(server.base + server.spec.ready, timeout=5):
                return None
        except OSError:  # not there yet, or there and not ready
            time.sleep(0.2)
    return "did not answer in time"


def _end_of(log: IO[bytes]) -> str:
    log.seek(0)
    lines = log.read().decode(errors="replace").splitlines()
    return " / ".join(lines[-3:])[-600:]


def _stop(server: RunningServer) -> None:
    """Tell the server and its workers to stop, and end them if they do not."""
    _signal(server, signal.SIGCONT)
    _signal(server, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        server.process.wait(_STOP_SECONDS)
    _signal(server, signal.SIGKILL)
    server.process.wait()


def _signal(server: RunningServer, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(server.process.pid, number)
