"""What a body may be, down to the brackets."""

import asyncio
import json

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from serve.app import create_app
from serve.guard.body_limit import MAX_DEPTH, measure
from serve.settings import Settings
from tests.asgi import Call, started
from tests.fakes import FakeClassifier

MANY = 10**9
VALUES = st.recursive(
    st.none() | st.text() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


def depth(value: object) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@given(VALUES, st.integers(0, 5))
def test_depth_counts_brackets_and_not_those_in_strings(value: object, most: int):
    deepest, _ = measure(json.dumps(value).encode(), most, MANY)

    assert (deepest > most) == (depth(value) > most)


@pytest.mark.parametrize(
    ("body", "over"),
    [
        (b"[" * MAX_DEPTH, False),
        (b"[" * (MAX_DEPTH + 1), True),
        (b'{"a":' * 100_000, True),
        (b'"' + b"[" * 99, False),
        (b'"\\"' + b"[" * 99, False),
        (b'"\\\\"' + b"[" * 99, True),
        (b'"\\', False),
        (b"\xff\x00[", False),
        (b'\\"' * 500_000, False),  # linear, or this test does not end
    ],
    ids=lambda x: repr(x)[:20],
)
def test_bodies_that_are_no_json_are_counted_too(body: bytes, over: bool):
    assert (measure(body, MAX_DEPTH, MANY)[0] > MAX_DEPTH) is over


@pytest.mark.parametrize(
    ("body", "values"),
    [
        (b"[1, 2, 3]", 3),
        (b'{"a": [1, 2], "b": ","}', 4),
        (b'"a, b, c"', 0),
        (b"[" + b"1," * 500_000 + b"1]", 101),
        (b"[]" * 500_000, 101),
        (b'""' * 500_000, 101),
        (b'{"a":{}},' * 100_000, 101),
    ],
    ids=lambda x: repr(x)[:20],
)
def test_values_are_counted_up_to_the_limit(body: bytes, values: int):
    assert measure(body, MAX_DEPTH, 100)[1] == values


def test_a_body_of_more_values_than_any_request_needs_is_not_parsed(client: TestClient):
    for body in (b"1," * 9_000, b'"a":1,' * 3_000, b"{}," * 6_000, b'"a",' * 4_900):
        answer = client.post(
            "/v1/classify",
            content=b"[" + body + b"1]",
            headers={"content-type": "application/json"},
        )
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_body_that_does_not_arrive_in_time_is_given_up():
    asyncio.run(slow_body())


async def slow_body() -> None:
    app = create_app(Settings(body_seconds=0.01), FakeClassifier())
    async with started(app) as client:
        call = Call(app, {"text": "A demand."})
        task = call.start()
        call._body.clear()  # its body stays on the way
        await task

        assert (call.status, call.answer["code"]) == (408, "too_slow")
        assert (await client.post("/v1/classify", json={"text": "A."})).status_code == 200
