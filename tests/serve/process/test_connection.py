"""Whatever bytes arrive: each connection ends, and each request is answered once."""

import re
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from structlog.testing import capture_logs

from serve.process.http_rules import MAX_HEADER_BYTES
from tests.connections import BODY, HEAD, WHOLE, connected, everything, listening
from tests.fakes import FakeClassifier, GatedEngine
from tests.servers import until

QUICK: dict[str, Any] = {
    "header_seconds": 0.2,
    "body_seconds": 0.2,
    "keep_alive_seconds": 1,
    "send_seconds": 0.5,
}
GET = b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n"
OWED = b"content-length: 1000\r\n\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n\r\n"


def get(path: bytes = b"/livez", *headers: bytes) -> bytes:
    lines = [b"GET %b HTTP/1.1" % path, b"host: localhost", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def statuses(answers: bytes) -> list[int]:
    return [int(each) for each in re.findall(rb"HTTP/1\.1 (\d{3}) ", answers)]


HELD = {
    "nothing": (),
    "half a request line": (b"GET /li",),
    "line breaks alone": (b"\r\n", b"\r\n", b"\n"),
    "a line break after an answer": (GET, b"\r\n"),
    "line feeds after an answer": (GET, b"\n", b"\n\n"),
    "half a request after an answer": (GET, b"GET /livez HTTP/1.1\r\nhost:"),
    "an owed body of a probe": (b"GET /livez HTTP/1.1\r\nhost: localhost\r\n" + OWED, b"x"),
    "an owed body of an unknown path": (b"POST /no HTTP/1.1\r\nhost: localhost\r\n" + OWED, b"x"),
    "an owed body of a method not taken": (
        b"PUT /v1/classify HTTP/1.1\r\nhost: localhost\r\n" + OWED,
        b"x",
    ),
    "an owed body of another type": (
        b"POST /v1/classify HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/csv\r\n" + OWED,
        b"x",
    ),
    "an owed body from another site": (
        b"POST /v1/classify HTTP/1.1\r\nhost: localhost\r\norigin: http://other.example\r\n" + OWED,
        b"x",
    ),
    "a body over the limit": (HEAD + b"content-length: 99999999\r\n\r\n", b"x" * 1_100_000),
    "a body that was waited for": (HEAD + b"expect: 100-continue\r\n" + OWED,),
    "chunks without an end": (HEAD + CHUNKED, b"1\r\n{\r\n", b"1\r\n{\r\n"),
    "an unanswered chunk without an end": (
        b"POST /no HTTP/1.1\r\nhost: localhost\r\n" + CHUNKED,
        b"5",
    ),
    "trailers without an end": (HEAD + CHUNKED, b"1\r\n{\r\n0\r\n", b"a: b\r\n"),
    "a pipelined half request": (GET + GET + b"GET /livez",),
    "a pipelined owed body": (GET + HEAD + OWED, b"{"),
    "an upgrade": (get(b"/livez", b"connection: upgrade", b"upgrade: h2c"), b"PRI * HTTP/2.0\r\n"),
}


def until_closed(port: int, parts: tuple[bytes, ...], *, ends: bool) -> bytes:
    with connected(port) as client:
        client.settimeout(20)
        answers = b""
        try:
            for part in parts:
                client.sendall(part)
                client.settimeout(0.15)
                with suppress(TimeoutError):
                    answers += client.recv(65_536)
            client.settimeout(20)
            if ends:
                client.shutdown(socket.SHUT_WR)
            return answers + everything(client)
        except TimeoutError:
            raise  # it is still open
        except OSError:  # closed meanwhile: reset, broken pipe or not connected
            return answers


@pytest.mark.parametrize("ends", [False, True], ids=["open", "half closed"])
def test_every_connection_ends_whatever_was_sent_on_it(ends: bool):
    with listening(**QUICK) as port, ThreadPoolExecutor(len(HELD)) as clients:
        waits = {
            name: clients.submit(until_closed, port, parts, ends=ends)
            for name, parts in HELD.items()
        }
        for name, wait in waits.items():
            try:
                answers = wait.result(30)
            except TimeoutError:
                pytest.fail(f"{name}: still open")
            assert len(statuses(answers)) <= 4, name


def test_bytes_that_trickle_do_not_prolong_a_connection():
    with listening(**QUICK) as port, connected(port, GET) as client:
        client.settimeout(0.05)
        closed = False
        for _ in range(400):  # twenty seconds, if nothing ended it
            try:
                client.sendall(b"\n")
                closed = client.recv(65_536) == b""
            except TimeoutError:
                continue
            except (ConnectionResetError, BrokenPipeError):
                closed = True
            if closed:
                break
        assert closed


def test_a_peer_that_takes_nothing_of_what_is_sent_is_cut_off():
    with listening(**QUICK) as port, connected(port) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(0.2)

        def send_on() -> None:
            for _ in range(10_000):
                with suppress(TimeoutError):
                    client.sendall(get(b"/openapi.json") * 50)

        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            send_on()


def test_trailers_are_no_headers_and_are_limited():
    body = b"4\r\nnull\r\n0\r\n"
    untyped = b"POST /v1/classify HTTP/1.1\r\nhost: localhost\r\n" + CHUNKED
    with listening() as port:
        with connected(port, untyped, body + b"content-type: application/json\r\n\r\n") as client:
            client.shutdown(socket.SHUT_WR)
            assert statuses(everything(client)) == [415]
        for filler in (b"x-a: %b\r\n" % (b"b" * 1000), b"a" * 4096, b"b: " + b"c" * 4096):
            with connected(port, HEAD + CHUNKED + body) as client:
                answers = b""
                try:
                    for _ in range(MAX_HEADER_BYTES * 4 // len(filler)):
                        client.sendall(filler)
                    answers = everything(client)
                except (ConnectionResetError, BrokenPipeError):
                    pass
                assert answers == b"" or statuses(answers)[-1] in (400, 431)


def test_the_extensions_of_chunks_are_limited():
    with listening() as port, connected(port, HEAD + CHUNKED + b"1;") as client:
        client.sendall(b"e=" + b"f" * 2 * MAX_HEADER_BYTES)
        assert statuses(everything(client)) == [431]


REFUSED = {
    "no host": (b"GET /livez HTTP/1.1\r\n\r\n", 400),
    "two hosts": (get(b"/livez", b"host: localhost"), 400),
    "two hosts before HTTP/1.1": (b"GET /livez HTTP/1.0\r\nhost: a\r\nhost: b\r\n\r\n", 400),
    "another version": (b"GET /livez HTTP/0.9\r\nhost: localhost\r\n\r\n", 505),
    "gzip, chunked": (HEAD + b"transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    "chunked twice": (HEAD + b"transfer-encoding: chunked\r\n" + CHUNKED + b"0\r\n\r\n", 400),
    "identity": (HEAD + b"transfer-encoding: identity\r\n\r\n", 501),
    "chunks before HTTP/1.1": (
        b"POST /v1/classify HTTP/1.0\r\nhost: localhost\r\n" + CHUNKED + b"0\r\n\r\n",
        400,
    ),
    "an expectation": (HEAD + b"expect: 200-maybe\r\n" + OWED, 417),
    "a length and chunks": (HEAD + b"content-length: 5\r\n" + CHUNKED + b"0\r\n\r\n", 400),
    "a tunnel": (b"CONNECT localhost:443 HTTP/1.1\r\nhost: localhost\r\n\r\n", 400),
    "another host in the target": (
        b"GET http://other.example/v1/model HTTP/1.1\r\nhost: localhost\r\n\r\n",
        421,
    ),
    "gzip": (
        HEAD + b"content-encoding: gzip\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}",
        415,
    ),
    "plain, by name": (
        HEAD + b"content-encoding: identity\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}",
        422,
    ),
}


def test_what_could_be_read_in_two_ways_is_not_read():
    with listening() as port:
        for name, (sent, status) in REFUSED.items():
            with connected(port, sent) as client:
                client.shutdown(socket.SHUT_WR)
                answers = everything(client)
                assert (name, statuses(answers)) == (name, [status])
                assert b"application/problem+json" in answers
                assert b"nosniff" in answers


@pytest.mark.parametrize(
    ("after", "status"),
    [
        (b"\x00\x01\x02 nonsense\r\n\r\n", 400),
        (get(b"/livez", b"x: " + b"y" * MAX_HEADER_BYTES), 431),
        (b"GET /livez HTTP/1.1\r\n\r\n", 400),
    ],
)
def test_what_comes_behind_a_request_never_takes_the_place_of_its_answer(after: bytes, status: int):
    good = WHOLE.replace(b"connection: close\r\n", b"")
    with listening() as port, connected(port, good + GET + after) as client:
        assert statuses(everything(client)) == [200, 200, status]


def test_many_pipelined_requests_are_answered_in_their_order():
    with listening() as port, connected(port) as client:
        client.sendall((GET + get(b"/nowhere")) * 150)
        client.shutdown(socket.SHUT_WR)
        assert statuses(everything(client)) == [200, 404] * 150


def test_a_client_that_has_sent_all_and_says_so_is_answered():
    sent = WHOLE.replace(b"connection: close\r\n", b"")
    with listening() as port, connected(port, sent) as client:
        client.shutdown(socket.SHUT_WR)
        assert statuses(everything(client)) == [200]


@pytest.mark.parametrize("framing", ["length", "chunks"])
@pytest.mark.parametrize("pieces", [1, 40])
def test_the_body_of_a_request_that_offers_another_protocol_is_read(framing: str, pieces: int):
    offer = b"connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n"
    if framing == "length":
        sent = HEAD + offer + b"content-length: %d\r\n\r\n" % len(BODY) + BODY
    else:
        sent = HEAD + offer + CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
    size = len(sent) // pieces

    with listening() as port, connected(port) as client:
        for start in range(0, len(sent), size):
            client.sendall(sent[start : start + size])
        answer = everything(client)

    assert statuses(answer) == [200]
    assert b"A demand." in answer


def test_a_body_that_says_it_is_too_large_is_refused_before_it_comes():
    for length in (b"2000000", b"9223372036854775807"):
        head = HEAD + b"expect: 100-continue\r\ncontent-length: %b\r\n\r\n" % length
        with listening(body_seconds=60) as port, connected(port, head) as client:
            assert statuses(client.recv(65_536)) == [413]


def test_a_client_of_http_1_0_gets_no_interim_answer():
    expecting = b"\r\nexpect: 100-continue\r\nhost"
    sent = WHOLE.replace(b"HTTP/1.1", b"HTTP/1.0").replace(b"\r\nhost", expecting)
    with listening() as port, connected(port, sent) as client:
        assert statuses(everything(client)) == [200]


def test_a_request_that_is_not_read_has_an_id_a_count_and_a_line_in_the_log():
    with capture_logs() as lines, listening() as port:
        with connected(port, b"nonsense\r\n\r\n") as client:
            answer = everything(client)
        with connected(port, get(b"/metrics", b"connection: close")) as client:
            metrics = everything(client)

    (line,) = [each for each in lines if each.get("route") == "unread"]
    assert b"x-request-id: %b\r\n" % line["request_id"].encode() in answer
    assert f"urn:uuid:{line['request_id']}".encode() in answer
    counted = b'demarche_http_requests_total{code="400",method="other",route="unread"} 1.0'
    assert counted in metrics


def cancelled(port: int) -> bool:
    with connected(port, get(b"/metrics", b"connection: close")) as client:
        return b'rejected_total{reason="cancelled"} 1.0' in everything(client)


def test_a_client_that_leaves_altogether_costs_nothing_more():
    engine = GatedEngine()
    with listening(FakeClassifier(engine)) as port:
        engine.shut()  # it was measured at the start, with the gate open
        try:
            with connected(port, WHOLE):
                assert engine.entered.wait(30)
            until(lambda: cancelled(port))
        finally:
            engine.gate.set()
