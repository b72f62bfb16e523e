"""The OpenAPI document is a promise: whatever it allows or forbids, the service keeps to it."""

import tempfile
from pathlib import Path

import schemathesis
from hypothesis import settings
from schemathesis.checks import CheckFunction
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from serve.app import create_app
from serve.settings import Settings
from tests.fakes import FakeClassifier

folder = tempfile.TemporaryDirectory()
app = create_app(Settings(annotations=str(Path(folder.name) / "a.db")), FakeClassifier())
schema = schemathesis.openapi.from_asgi("/openapi.json", app)


def beyond_schema(case: schemathesis.Case) -> list[CheckFunction]:
    """The checks of annotations that JSON Schema cannot say enough for."""
    if case.path != "/v1/annotations":
        return []
    asked = isinstance(case.body, dict) and case.body.get("accept_valid") is True
    # a time must have been and a text be English; faulty rows may be left out if that is asked for
    return [positive_data_acceptance, *[negative_data_rejection] * asked]


@schema.parametrize()
@settings(max_examples=40, deadline=None)
def test_every_answer_is_documented_and_none_is_a_server_error(case: schemathesis.Case):
    case.call_and_validate(excluded_checks=beyond_schema(case))
