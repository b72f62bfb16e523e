"""The OpenAPI document is a promise: whatever it allows or forbids, the service keeps to it."""

import tempfile
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import settings
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from serve.app import create_app
from serve.guard.keys import Scope, new_key
from serve.settings import Settings
from tests.fakes import FakeClassifier

PROBLEM = "application/problem+json"
SECRET, KEY = new_key("fuzzer", list(Scope))

folder = tempfile.TemporaryDirectory()


def described(**changes: Any) -> schemathesis.BaseSchema:
    """The OpenAPI document of a service with these settings."""
    place = str(Path(folder.name) / "annotations.db")
    app = create_app(Settings(annotations=place, **changes), FakeClassifier())
    return schemathesis.openapi.from_asgi("/openapi.json", app)


schema = described()
guarded = described(keys=KEY.to_line(), requests_per_minute=10**9)


def beyond_schema(case: schemathesis.Case) -> list[CheckFunction]:
    """The checks that JSON Schema cannot say enough for: of annotations, and of texts."""
    if (case.media_type or "").startswith("text/"):
        return [positive_data_acceptance, negative_data_rejection]  # text is text, or is empty
    fields = set(case.body) if isinstance(case.body, dict) else set()
    # spans have to lie in their text; the examples of all fields are put together, against oneOf
    if case.path == "/v1/classify" and ("spans" in fields or {"text", "sentences"} <= fields):
        return [positive_data_acceptance]
    if case.path != "/v1/annotations":
        return []
    asked = isinstance(case.body, dict) and case.body.get("accept_valid") is True
    # a time must have been and a text be English; faulty rows may be left out if that is asked for
    return [positive_data_acceptance, *[negative_data_rejection] * asked]


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
    case.call_and_validate(excluded_checks=beyond_schema(case))


@guarded.parametrize()
@settings(max_examples=15, deadline=None)
def test_with_keys_too_and_without_one_nothing_is_answered(case: schemathesis.Case):
    headers = {"Authorization": f"Bearer {SECRET}"}
    case.call_and_validate(headers=headers, excluded_checks=beyond_schema(case))
