"""Raw connections to the service: bytes in any order, as no client library would send them."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from serve.app import create_app
from serve.process.server import Server as HttpServer
from serve.process.server import make_config
from serve.service import service_of
from serve.settings import Settings
from tests.fakes import FakeClassifier

BODY = json.dumps({"text": "A demand."}).encode()
HEAD = b"POST /v1/classify HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
WHOLE = HEAD + b"content-length: %d\r\nconnection: close\r\n\r\n" % len(BODY) + BODY


@contextmanager
def listening(classifier: FakeClassifier | None = None, **settings: Any) -> Iterator[int]:
    """The service in a thread of this process, on a port of its own."""
    made = Settings(**settings)
    app = create_app(made, classifier or FakeClassifier())
    up, listener = threading.Event(), socket.create_server(("127.0.0.1", 0))
    server = HttpServer(make_config(app, made), service_of(app).health, delay=0)
    server.announce = lambda _: up.set()
    thread = threading.Thread(target=server.run, args=([listener],))
    port = listener.getsockname()[1]
    thread.start()
    assert up.wait(60)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(60)


@contextmanager
def connected(port: int, *sent: bytes) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        for part in sent:
            client.sendall(part)
        yield client


def everything(client: socket.socket) -> bytes:
    """All that the service sends until it closes the connection."""
    return b"".join(iter(lambda: client.recv(65_536), b""))


def received(client: socket.socket) -> tuple[int, dict[str, Any]]:
    """Status and problem, once the service has closed the connection."""
    head, _, body = everything(client).partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)
