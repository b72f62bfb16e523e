"""What Connection uses of uvicorn's protocol class, which uvicorn does not promise to keep.

A new uvicorn that lacks any of it fails here by name, not in production.
"""

import ast
import asyncio
import inspect

import pytest
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from serve.process import answering, connection
from serve.process.answering import AnsweringProtocol
from serve.process.connection import Connection
from serve.process.connection_timers import ConnectionLimits

# methods of uvicorn that Connection replaces and calls, with their arguments
METHODS = {
    "__init__": ["self", "config", "server_state", "app_state", "_loop"],
    "connection_made": ["self", "transport"],
    "connection_lost": ["self", "exc"],
    "data_received": ["self", "data"],
    "eof_received": ["self"],
    "on_message_begin": ["self"],
    "on_header": ["self", "name", "value"],
    "on_headers_complete": ["self"],
    "on_body": ["self", "body"],
    "on_message_complete": ["self"],
    "on_response_complete": ["self"],
    "_start_asgi_task": ["self", "cycle", "app"],
    "_unset_keepalive_if_required": ["self"],
}
# what uvicorn sets on a connection and Connection reads
ATTRIBUTES = {
    "connections",
    "cycle",
    "expect_100_continue",
    "flow",
    "headers",
    "loop",
    "parser",
    "pipeline",
    "transport",
    "url",
}
# what uvicorn keeps of a request under way, and Connection reads or sets
OF_A_REQUEST = {"disconnected", "keep_alive", "message_event", "response_complete", "scope"}
LIMITS = ConnectionLimits(
    connections=2, header_seconds=1, body_seconds=1, keep_alive_seconds=1, send_seconds=1
)


async def nothing(scope: object, receive: object, send: object) -> None:
    """An application that is never called."""


@pytest.mark.parametrize("name", METHODS)
def test_uvicorn_has_the_method_with_these_arguments(name: str):
    method = getattr(HttpToolsProtocol, name)

    assert list(inspect.signature(method).parameters) == METHODS[name]


def test_uvicorn_sets_the_attributes_before_the_headers_are_complete():
    loop = asyncio.new_event_loop()
    state = ServerState()
    try:
        made = Connection(
            Config(nothing, http=Connection),
            state,
            {},
            loop,
            limits=LIMITS,
        )
        made.transport = asyncio.Transport()
        made.on_message_begin()
    finally:
        loop.close()

    assert {name for name in ATTRIBUTES if not hasattr(made, name)} == set()
    assert made.connections is state.connections
    assert (made.url, made.headers) == (b"", [])


def test_uvicorn_keeps_of_a_request_what_is_read_of_it():
    made = inspect.getsource(RequestResponseCycle.__init__)

    assert {name for name in OF_A_REQUEST if f"self.{name} = " not in made} == set()


def test_uvicorn_tells_the_connection_of_every_answer():
    assert "on_response=self.on_response_complete" in inspect.getsource(HttpToolsProtocol)


def test_uvicorn_has_the_first_line_of_every_status_that_is_sent():
    assert {
        status for status in (400, 408, 417, 431, 501, 503, 505) if status not in STATUS_LINE
    } == set()
    assert STATUS_LINE[408].startswith(b"HTTP/1.1 408 ")


def test_nothing_else_of_uvicorn_is_used():
    trees = [ast.parse(inspect.getsource(module)) for module in (answering, connection)]
    classes = [
        node
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        and node.name in (AnsweringProtocol.__name__, Connection.__name__)
    ]
    assert len(classes) == 2
    methods = {
        node.name for made in classes for node in made.body if isinstance(node, ast.FunctionDef)
    }
    used = {
        node.attr
        for made in classes
        for node in ast.walk(made)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }
    own = {name for name in methods | used if name.startswith("_") and name not in METHODS}
    own |= {"reading", "refuse"}

    assert (methods | used) - own - ATTRIBUTES == set(METHODS)
    assert used - own - set(METHODS) == ATTRIBUTES
    assert not {name for name in own if hasattr(HttpToolsProtocol, name)}
