"""Models over HTTP, with a real registry of folders and fakes in place of what they hold."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from model.artifact.folder import new_artifact, open_artifact, seal
from model.durable import TEMPORARY_PREFIX
from model.errors import ArtifactCorrupt
from model.registry.history import Action, RegistryEvent, now
from model.registry.registry import LIVE, Registry
from serve.app import create_app
from serve.guard.keys import Scope, new_key
from serve.settings import Settings
from tests.asgi import started
from tests.fakes import FakeClassifier, manifest

SECRET, KEY = new_key("boss", [Scope.ADMIN])
ADMIN = {"Authorization": f"Bearer {SECRET}"}


def opener(folder: Path, _: int | None) -> FakeClassifier:
    """Verifies the folder as the real one does; "lame" is whole and does not pass its self-test."""
    version = open_artifact(folder).manifest.version
    if version == "lame":
        raise ArtifactCorrupt("a golden sentence's score is off")
    return FakeClassifier(version=version)


def make_model(folder: Path, hour: int) -> None:
    provenance = {"started": f"2026-01-01T{hour:02}:00:00+00:00", "base_model": "tiny"}
    with new_artifact(folder) as temporary:
        (temporary / "engine.bin").write_bytes(folder.name.encode())
        seal(temporary, manifest(version=folder.name, provenance=provenance))


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """The live model a, and three more."""
    for hour, version in enumerate(["a", "b", "c", "lame"]):
        make_model(tmp_path / version, hour)
    made = Registry(tmp_path)
    made.record(RegistryEvent(now(), "anna", Action.PROMOTE, made.live_version(), "a", "first"))
    return made


@pytest.fixture
def client(registry: Registry) -> Iterator[TestClient]:
    settings = Settings(models=registry.models, keys=KEY.to_line())
    with TestClient(create_app(settings, opener=opener), headers=ADMIN) as test_client:
        yield test_client


def states(client: TestClient) -> dict[str, tuple[str, bool]]:
    models = client.get("/v1/models").json()["models"]
    return {each["version"]: (each["state"], each["serving"]) for each in models}


def test_the_list_says_which_model_answers_and_what_the_others_are(client: TestClient):
    assert client.get("/v1/models").json()["serving"] == "a"
    assert states(client) | {"a": ("live", True), "b": ("candidate", False)} == states(client)


def test_an_activated_model_answers_and_is_live_in_the_registry_with_who_and_why(
    client: TestClient, registry: Registry
):
    answer = client.post("/v1/models/b/activate")

    assert (answer.status_code, answer.json()["serving"]) == (200, "b")
    scored = client.post("/v1/classify", json={"text": "A demand."}, headers={})
    assert scored.status_code == 403  # the key is for models only
    assert client.get("/v1/model").json()["version"] == "b"
    event = registry.history().events[-1]
    assert (registry.live_version(), event.who, event.before) == ("b", "key boss", "a")
    assert states(client)["a"] == ("previous", False)


def test_activating_what_is_live_changes_nothing(client: TestClient, registry: Registry):
    assert client.post("/v1/models/a/activate").status_code == 200

    assert len(registry.history().events) == 1


def test_rolling_back_serves_the_model_before_and_bars_the_present_one(
    client: TestClient, registry: Registry
):
    client.post("/v1/models/b/activate")

    answer = client.post("/v1/models/rollback")

    assert (answer.status_code, answer.json()["serving"]) == (200, "a")
    assert registry.live_version() == "a"
    barred = client.post("/v1/models/b/activate")
    assert (barred.status_code, barred.json()["code"]) == (409, "not_activated")
    assert "rolled back" in barred.json()["detail"]
    assert client.get("/v1/models").json()["serving"] == "a"


def test_a_candidate_that_the_gate_refused_is_not_activated(client: TestClient, registry: Registry):
    registry.record(RegistryEvent(now(), "gate", Action.REFUSE, "a", "b", "macro F1 fell"))

    answer = client.post("/v1/models/b/activate")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_activated")
    assert "macro F1 fell" in answer.json()["detail"]


@pytest.mark.parametrize("version", ["lame", "c"])
def test_a_corrupt_or_failing_candidate_is_refused_for_all_to_see_and_the_old_one_serves_on(
    client: TestClient, registry: Registry, version: str
):
    (registry.models / "c" / "engine.bin").write_bytes(b"flipped")

    answer = client.post(f"/v1/models/{version}/activate")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_activated")
    listed = client.get("/v1/models").json()
    assert (listed["serving"], listed["refused"]["version"]) == ("a", version)
    assert registry.live_version() == "a"
    assert 'demarche_model_swaps_total{result="refused"} 1.0' in client.get("/metrics").text


@pytest.mark.parametrize("version", ["zz", "..", "a%2Fb", "rollback2"])
def test_an_unknown_version_is_not_found(client: TestClient, version: str):
    answer = client.post(f"/v1/models/{version}/activate")

    assert answer.status_code in (404, 422)
    assert client.get("/v1/models").json()["serving"] == "a"


def test_a_registry_that_cannot_be_written_keeps_the_old_model(
    client: TestClient, registry: Registry
):
    # where the new pointer would be written before it takes its name
    (registry.models / f"{TEMPORARY_PREFIX}{LIVE}-{os.getpid()}").mkdir()

    answer = client.post("/v1/models/b/activate")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_activated")
    assert (client.get("/v1/models").json()["serving"], registry.live_version()) == ("a", "a")


def test_a_service_started_with_one_model_keeps_it(registry: Registry):
    app = create_app(Settings(model=registry.models / "a"), opener=opener)
    with TestClient(app) as client:
        answer = client.post("/v1/models/b/activate")

        assert (answer.status_code, answer.json()["code"]) == (409, "not_activated")
        assert client.get("/v1/models").json() == {"serving": "a", "refused": None, "models": []}


def test_a_registry_that_cannot_be_read_is_told_and_the_model_serves_on(registry: Registry):
    asyncio.run(spoil(registry))


async def spoil(registry: Registry) -> None:
    app = create_app(Settings(models=registry.models), opener=opener)
    async with started(app) as client:
        (registry.models / LIVE).write_text("{")
        async with asyncio.timeout(60):
            while not (listed := (await client.get("/v1/models")).json())["refused"]:
                pass

        assert (listed["serving"], listed["models"]) == ("a", [])
        assert "not an event" in listed["refused"]["reason"]
        assert (await client.post("/v1/classify", json={"text": "A."})).status_code == 200


def test_a_promotion_elsewhere_is_followed(registry: Registry):
    asyncio.run(follow(registry))


async def follow(registry: Registry) -> None:
    app = create_app(Settings(models=registry.models), opener=opener)
    async with started(app) as client:
        registry.record(RegistryEvent(now(), "anna", Action.PROMOTE, "a", "b", "better"))
        async with asyncio.timeout(60):
            while (await client.get("/v1/models")).json()["serving"] != "b":
                pass

        assert (await client.get("/readyz")).status_code == 200


def test_what_is_wrong_with_the_registry_is_in_the_log_and_not_in_the_answer(
    client: TestClient, registry: Registry
):
    (registry.models / LIVE).write_text("{")

    with capture_logs() as lines:
        answer = client.post("/v1/models/rollback")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_activated")
    assert "history.jsonl" in answer.json()["detail"]
    assert str(registry.models) not in answer.text
    (line,) = [each for each in lines if each["event"] == "registry_damaged"]
    assert "not an event" in line["reason"]


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[" * 5_000, b'{"at": 5}', b""])
def test_a_damaged_pointer_is_told_with_the_way_out_and_the_model_serves_on(
    client: TestClient, registry: Registry, content: bytes
):
    (registry.models / LIVE).write_bytes(content)

    for path in ("/v1/models/b/activate", "/v1/models/rollback"):
        answer = client.post(path)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_activated")
        assert "delete it" in answer.json()["detail"]
    assert client.get("/v1/models").json()["serving"] == "a"

    (registry.models / LIVE).unlink()
    assert client.post("/v1/models/b/activate").status_code == 200


def test_a_rollback_to_a_model_that_cannot_be_loaded_changes_nothing(
    client: TestClient, registry: Registry
):
    before = registry.live_version()
    registry.record(RegistryEvent(now(), "anna", Action.PROMOTE, before, "lame", "forced"))
    registry.record(RegistryEvent(now(), "anna", Action.PROMOTE, "lame", "b", "better"))

    answer = client.post("/v1/models/rollback")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_activated")
    assert registry.live_version() == "b"


def test_one_damaged_candidate_is_in_the_list_and_the_others_can_be_activated(
    client: TestClient, registry: Registry
):
    (registry.models / "c" / "manifest.json").write_bytes(b"\xb0\xff")
    (registry.models / "lame" / "COMPLETE").write_bytes(b"\xb0\xff")
    with (registry.models / "history.jsonl").open("ab") as history:
        history.write(b'{"at": "0001-01-01T00:00:00+10:00"}\n' + b"[" * 5_000 + b"\n\xff\n")

    assert states(client)["c"] == ("damaged", False)
    for version in ("c", "lame"):
        assert client.post(f"/v1/models/{version}/activate").status_code in (404, 409)
    assert client.post("/v1/models/b/activate").status_code == 200
    assert client.post("/v1/models/rollback").status_code == 200
