"""The application around the model: probes, description, start and refusal to start."""

import asyncio
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from model.artifact.folder import Artifact
from model.errors import ArtifactMissing
from model.self_test import load_tested_classifier
from serve.app import create_app
from serve.settings import Settings
from tests.fakes import FakeClassifier, GatedEngine


def test_probes_answer(client: TestClient):
    assert client.get("/livez").json() == {"status": "live"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_not_ready_before_the_model_is_there():
    unstarted = TestClient(create_app(Settings(), FakeClassifier()))

    assert unstarted.get("/livez").status_code == 200
    assert unstarted.get("/readyz").status_code == 503
    assert unstarted.post("/v1/classify", json={"text": "a"}).json()["code"] == "not_ready"


def test_the_root_leads_to_the_documentation_which_needs_no_internet(client: TestClient):
    page = client.get("/")  # whoever asks for no page

    assert page.url.path == "/docs"
    assert "https://" not in page.text.replace("https://json-schema", "")
    script = page.text.split('script src="')[1].split('"')[0]
    assert client.get(script).status_code == 200


def test_the_model_describes_itself(client: TestClient):
    body = client.get("/v1/model").json()

    assert body["version"] == "v1"
    assert body["decisions"]["demand"] == {
        "threshold": 0.5,
        "uncertain_low": 0.4,
        "uncertain_high": 0.6,
        "uncertain_accuracy": 0.75,
    }
    assert body["limits"] == {"characters": 2_000, "sentences": 20}


def test_a_real_model_is_loaded_proven_and_served(tiny_artifact: Artifact):
    settings = Settings(model=tiny_artifact.folder)
    text = "the welcome and talks. The council must call. Peace today?"

    with TestClient(create_app(settings)) as client:
        body = client.post("/v1/classify", json={"text": text}).json()

    assert body["model"]["version"] == tiny_artifact.manifest.version
    expected = load_tested_classifier(tiny_artifact).classify(text)
    assert [s["labels"] for s in body["sentences"]] == [list(row.labels) for row in expected]
    assert [list(s["scores"].values()) for s in body["sentences"]] == [
        pytest.approx(row.scores, abs=1e-4) for row in expected
    ]


def test_without_a_trusted_model_the_service_does_not_start(tmp_path: Path):
    with pytest.raises(ArtifactMissing), TestClient(create_app(Settings(model=tmp_path))):
        pass


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DEMARCHE_PORT", "9001")

    assert Settings().port == 9001


def test_probes_answer_while_a_statement_is_being_scored():
    asyncio.run(probe_while_busy())


async def probe_while_busy() -> None:
    engine = GatedEngine()
    app = create_app(Settings(), FakeClassifier(engine))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        engine.shut()
        scoring = asyncio.create_task(client.post("/v1/classify", json={"text": "A demand."}))
        await asyncio.to_thread(engine.entered.wait, 10)

        assert (await client.get("/livez")).status_code == 200
        assert not scoring.done()

        engine.gate.set()
        assert (await scoring).status_code == 200
