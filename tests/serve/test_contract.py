"""The OpenAPI document is a promise: whatever it allows or forbids, the service keeps to it."""

import tempfile
from pathlib import Path

import schemathesis
from hypothesis import settings

from serve.app import create_app
from serve.settings import Settings
from tests.fakes import FakeClassifier

folder = tempfile.TemporaryDirectory()
app = create_app(Settings(annotations=str(Path(folder.name) / "a.db")), FakeClassifier())
schema = schemathesis.openapi.from_asgi("/openapi.json", app)


@schema.parametrize()
@settings(max_examples=40, deadline=None)
def test_every_answer_is_documented_and_none_is_a_server_error(case: schemathesis.Case):
    case.call_and_validate()
