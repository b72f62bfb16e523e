"""What a body may be, down to the brackets."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serve.app import create_app
from serve.guard.body_limit import MAX_DEPTH, depth_over
from serve.settings import Settings
from tests.asgi import Call, started
from tests.fakes import FakeClassifier

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
    assert depth_over(json.dumps(value).encode(), most) == (depth(value) > most)


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
    assert depth_over(body, MAX_DEPTH) is over


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
