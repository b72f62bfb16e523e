"""What Connection uses of uvicorn's protocol class, which uvicorn does not promise to keep.

A new uvicorn that lacks any of it fails here by name, not in production.
"""

import ast
import asyncio
import inspect

import pytest
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from serve.process import connection
from serve.process.connection import Connection, ConnectionLimits

# methods of uvicorn that Connection replaces and calls, with their arguments
METHODS = {
    "__init__": ["self", "config", "server_state", "app_state", "_loop"],
    "connection_made": ["self", "transport"],
    "connection_lost": ["self", "exc"],
    "data_received": ["self", "data"],
    "on_message_begin": ["self"],
    "on_headers_complete": ["self"],
    "send_400_response": ["self", "msg"],
}
# what uvicorn sets on a connection and Connection reads
ATTRIBUTES = {"connections", "headers", "loop", "transport", "url"}


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
            limits=ConnectionLimits(connections=2, header_seconds=1.0),
        )
        made.transport = asyncio.Transport()
        made.on_message_begin()
        made._stop_timer()
    finally:
        loop.close()

    assert {name for name in ATTRIBUTES if not hasattr(made, name)} == set()
    assert made.connections is state.connections
    assert (made.url, made.headers) == (b"", [])


def test_uvicorn_answers_whatever_the_parser_refuses_through_send_400_response():
    assert "self.send_400_response(" in inspect.getsource(HttpToolsProtocol.data_received)


def test_uvicorn_has_the_first_line_of_every_status_that_is_sent():
    assert {status for status in (400, 408, 431, 503) if status not in STATUS_LINE} == set()
    assert STATUS_LINE[408].startswith(b"HTTP/1.1 408 ")


def test_nothing_else_of_uvicorn_is_used():
    tree = ast.parse(inspect.getsource(connection))
    (made,) = [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name == Connection.__name__
    ]
    methods = {node.name for node in made.body if isinstance(node, ast.FunctionDef)}
    used = {
        node.attr
        for node in ast.walk(made)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }
    own = {name for name in methods | used if name.startswith("_") and name != "__init__"}

    assert methods - own == set(METHODS)
    assert used - own - methods == ATTRIBUTES
    assert not {name for name in own if hasattr(HttpToolsProtocol, name)}
