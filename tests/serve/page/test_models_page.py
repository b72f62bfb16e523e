"""Models on the page: what there is, what the gate said, and putting another into service."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from model.artifact.folder import new_artifact, seal
from model.registry.history import Action, RegistryEvent, now
from model.registry.registry import Registry
from serve.app import create_app
from serve.settings import Settings
from tests.fakes import FakeClassifier, manifest

METRICS = {"macro_f1": {"value": 0.8, "low": 0.75, "high": 0.85}}
GATE = [
    {
        "rule": "test: macro-F1",
        "value": -1.5,
        "limit": -0.5,
        "passed": False,
        "wanted": "at least",
        "required": True,
        "remark": "<b>",
    }
]


def make_model(folder: Path, day: int, report: str = "") -> None:
    provenance = {"started": f"2026-01-{day:02}T00:00:00+00:00", "base_model": "tiny"}
    with new_artifact(folder) as temporary:
        (temporary / "engine.bin").write_bytes(b"x")
        if report:
            (temporary / "report").mkdir()
            (temporary / "report" / "index.html").write_text(report)
        seal(temporary, manifest(version=folder.name, provenance=provenance, metrics=METRICS))


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """Of three, the first is live, the second waits, the third was refused."""
    for day, version in enumerate(["a", "b", "c"], 1):
        make_model(tmp_path / version, day, "<script>alert(1)</script>" if version == "a" else "")
    made = Registry(tmp_path)
    made.record(RegistryEvent(now(), "anna", Action.PROMOTE, made.live_version(), "a", "first"))
    refused = RegistryEvent(now(), "anna", Action.REFUSE, "a", "c", "test: macro-F1", gate=GATE)
    made.record(refused)
    return made


@pytest.fixture
def client(registry: Registry) -> Iterator[TestClient]:
    app = create_app(
        Settings(models=registry.models),
        opener=lambda folder, _: FakeClassifier(version=folder.name),
    )
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


def test_the_one_that_answers_comes_first_with_figure_and_interval(client: TestClient):
    page = client.get("/models").text

    assert (
        page.index("<code>a</code>") < page.index("<code>c</code>") < page.index("<code>b</code>")
    )
    assert "80.0 (75.0–85.0)" in page
    assert "answers now" in page


def test_verdicts_are_shown_rule_by_rule(client: TestClient):
    page = client.get("/models").text

    assert "at least -0.5" in page
    assert '<span class="bad">fail</span>' in page
    assert "<b>" not in page
    (refused, promoted) = client.get("/v1/models/history").json()["events"]
    assert (refused["gate"], promoted["gate"]) == (GATE, [])


def test_another_model_is_put_into_service_with_a_reason(client: TestClient, registry: Registry):
    answer = client.post("/models", data={"version": "b", "reason": "better on notes"})

    assert "better on notes" in answer.text
    assert registry.live_version() == "b"
    client.post("/models", data={"version": "", "reason": "it was not"})
    assert registry.live_version() == "a"
    assert [each.why for each in registry.history().events[-2:]] == [
        "better on notes",
        "it was not",
    ]


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"version": "b", "reason": " "}, 422), ({"version": "c", "reason": "x"}, 409)],
)
def test_no_reason_or_a_refused_model_changes_nothing(
    client: TestClient, registry: Registry, sent: dict[str, str], status: int
):
    answer = client.post("/models", data=sent)

    assert answer.status_code == status
    assert "text/html" in answer.headers["content-type"]
    assert registry.live_version() == "a"


def test_a_report_is_in_a_sandbox(client: TestClient):
    answer = client.get("/v1/models/a/report")

    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'; img-src data:")
    assert client.get("/v1/models/b/report").status_code == 404
