"""Clients that send slowly, too much or nonsense are told so and hold up nobody."""

from serve.process.http_rules import MAX_HEADER_BYTES
from tests.connections import HEAD, WHOLE, connected, listening, received


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
