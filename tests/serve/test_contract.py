"""The OpenAPI document is a promise: whatever it allows or forbids, the service keeps to it."""

import schemathesis
from hypothesis import settings

from serve.app import create_app
from serve.keys import Scope, new_key
from serve.settings import Settings
from tests.fakes import FakeClassifier

PROBLEM = "application/problem+json"
SECRET, KEY = new_key("fuzzer", list(Scope))

schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(Settings(), FakeClassifier()))
guarded = schemathesis.openapi.from_asgi(
    "/openapi.json",
    create_app(Settings(keys=KEY.to_line(), requests_per_minute=10**9), FakeClassifier()),
)


@schemathesis.check
def errors_are_problems(
    _: schemathesis.CheckContext, response: schemathesis.Response, __: schemathesis.Case
) -> None:
    """Every error is a problem whose status is that of the answer."""
    if response.status_code >= 400:
        assert response.headers["content-type"] == [PROBLEM]
        assert response.json()["status"] == response.status_code
        assert response.json()["code"]


@schema.parametrize()
@settings(max_examples=40, deadline=None)
def test_every_answer_is_documented_and_none_is_a_server_error(case: schemathesis.Case):
    case.call_and_validate()


@guarded.parametrize()
@settings(max_examples=15, deadline=None)
def test_with_keys_too_and_without_one_nothing_is_answered(case: schemathesis.Case):
    case.call_and_validate(headers={"Authorization": f"Bearer {SECRET}"})
