"""Clients that send slowly, too much or nonsense are told so and hold up nobody."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from serve.app import create_app
from serve.process.connection import MAX_HEADER_BYTES
from serve.process.server import Server as HttpServer
from serve.process.server import make_config
from serve.service import service_of
from serve.settings import Settings
from tests.fakes import FakeClassifier

BODY = json.dumps({"text": "A demand."}).encode()
HEAD = b"POST /v1/classify HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
WHOLE = HEAD + b"content-length: %d\r\nconnection: close\r\n\r\n" % len(BODY) + BODY


@contextmanager
def listening(**settings: Any) -> Iterator[int]:
    """The service in a thread of this process, on a port of its own."""
    made = Settings(**settings)
    app = create_app(made, FakeClassifier())
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


def received(client: socket.socket) -> tuple[int, dict[str, Any]]:
    """Status and problem, once the service has closed the connection."""
    content = b"".join(iter(lambda: client.recv(65_536), b""))
    head, _, body = content.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def assert_served(port: int) -> None:
    with connected(port, WHOLE) as client:
        assert received(client)[0] == 200


def test_headers_that_do_not_end_are_given_up_and_others_served_meanwhile():
    with (
        listening(header_seconds=0.5) as port,
        connected(port, HEAD) as slow,
        connected(port) as silent,
    ):
        assert_served(port)
        for client in (slow, silent):
            status, problem = received(client)
            assert (status, problem["code"]) == (408, "too_slow")


def test_a_body_that_does_not_end_is_given_up_and_others_served_meanwhile():
    begun = HEAD + b"content-length: 99\r\n\r\n{"
    with listening(body_seconds=0.5) as port, connected(port, begun) as slow:
        assert_served(port)
        status, problem = received(slow)
        assert (status, problem["code"]) == (408, "too_slow")


def test_headers_without_an_end_are_refused_at_their_limit():
    endless = b"x-filler: " + b"a" * MAX_HEADER_BYTES
    with listening() as port:
        for sent in ([HEAD, endless], [HEAD + endless + b"\r\n\r\n"]):
            with connected(port, *sent) as client:
                status, problem = received(client)
                assert (status, problem["code"]) == (431, "headers_too_large")
        assert_served(port)


def test_what_is_no_http_gets_a_problem_too():
    with listening() as port, connected(port, b"HELO demarche\r\n\r\n") as client:
        status, problem = received(client)

    assert (status, problem["code"]) == (400, "bad_request")


def test_one_connection_too_many_is_refused_and_a_freed_place_is_taken():
    with listening(max_connections=2) as port:
        with connected(port), connected(port), connected(port) as third:
            status, problem = received(third)
            assert (status, problem["status"]) == (503, 503)
        served = 0
        while served != 200:  # the service learns of the closed ones in its own time
            with connected(port, WHOLE) as client:
                served = received(client)[0]


def test_a_client_that_does_not_read_its_answer_holds_up_nobody():
    with listening() as port, connected(port, WHOLE):
        assert_served(port)
