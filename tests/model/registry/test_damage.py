"""Damage to one file of a registry harms that file's model and nothing else."""

import json
from pathlib import Path

import pytest

from model.artifact.folder import sha256_file
from model.errors import ArtifactError, RegistryError
from model.registry.history import Action, RegistryEvent, now, parse_event
from model.registry.registry import HISTORY, LIVE, Registry
from model.registry.versions import list_versions
from tests.model.registry.test_registry import make_model

GARBAGE = [b"", b"\xb0\xff\x00", b"[" * 5_000, b"9" * 5_000, b'{"format": 1}', b"null", b"\x00"]


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """A shipped model and three trained ones, b damaged by the tests."""
    made = Registry(tmp_path / "models", tmp_path / "default")
    make_model(made.shipped, "s", hour=0)
    for hour, version in enumerate("abc", 1):
        make_model(made.models / version, version, hour=hour)
    return made


def states(registry: Registry) -> dict[str, str]:
    return {each.version: str(each.state) for each in list_versions(registry)}


def assert_only_b_is_harmed(registry: Registry) -> None:
    listed = list_versions(registry)
    json.dumps([(each.note, each.created) for each in listed], ensure_ascii=False).encode()
    assert states(registry) | {"s": "live", "a": "candidate", "c": "candidate"} == states(registry)
    event = RegistryEvent(now(), "anna", Action.PROMOTE, "s", "b", "")
    with pytest.raises(ArtifactError):
        registry.record(event)
    for before, after in (("s", "a"), ("a", "c")):
        registry.record(RegistryEvent(now(), "anna", Action.PROMOTE, before, after, ""))
    assert registry.rollback(who="anna", why="").after == "a"


@pytest.mark.parametrize("content", GARBAGE, ids=lambda c: repr(c[:12]))
@pytest.mark.parametrize("name", ["manifest.json", "COMPLETE", "engine.bin"])
def test_any_bytes_in_a_file_of_a_candidate(registry: Registry, name: str, content: bytes):
    (registry.models / "b" / name).write_bytes(content)

    assert_only_b_is_harmed(registry)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", 5),
        ("version", "\ud800"),
        ("provenance", []),
        ("provenance", {"started": "0001-01-01T00:00:00+10:00"}),
        ("provenance", {"started": "yesterday"}),
        ("provenance", {"started": "\ud800"}),
        ("metrics", "good"),
        ("metrics", {"macro_f1": {"value": "much"}}),
        ("metrics", {"macro_f1": {"value": float("nan")}}),
        ("files", ["engine.bin"]),
        ("files", {"engine\x00bin": "0"}),
        ("files", {"x" * 5_000: "0"}),
        ("files", {"engine.bin": 5}),
        ("calibration", 3),
        ("decisions", [{}, {}, {}]),
    ],
)
def test_any_value_in_a_manifest_that_is_sealed_again(
    registry: Registry, field: str, value: object
):
    path = registry.models / "b" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: value}))
    (registry.models / "b" / "COMPLETE").write_text(sha256_file(path))

    listed = list_versions(registry)
    json.dumps([(each.note, each.created) for each in listed], ensure_ascii=False).encode()
    assert states(registry) | {"s": "live", "a": "candidate", "c": "candidate"} == states(registry)


def test_a_folder_in_the_place_of_a_file(registry: Registry):
    (registry.models / "b" / "COMPLETE").unlink()
    (registry.models / "b" / "COMPLETE").mkdir()

    assert_only_b_is_harmed(registry)


WHOLE = RegistryEvent(now(), "anna", Action.PROMOTE, "s", "a", "").to_json()


@pytest.mark.parametrize(
    "line",
    [
        *GARBAGE,
        json.dumps(json.loads(WHOLE) | {"at": "0001-01-01T00:00:00+10:00"}).encode(),
        json.dumps(json.loads(WHOLE) | {"at": "9999-12-31T23:59:59-10:00"}).encode(),
        json.dumps(json.loads(WHOLE) | {"at": 10**400}).encode(),
        json.dumps(json.loads(WHOLE) | {"to": ["a"]}).encode(),
        json.dumps(json.loads(WHOLE) | {"who": {"name": "anna"}}).encode(),
        json.dumps(json.loads(WHOLE) | {"why": "\ud800"}).encode(),
        json.dumps(json.loads(WHOLE) | {"gate": 5}).encode(),
        WHOLE.encode()[:-9],
    ],
    ids=lambda line: repr(line[:20]),
)
def test_a_line_of_the_history_that_is_no_event_is_passed_over(registry: Registry, line: bytes):
    with pytest.raises(RegistryError):
        parse_event(line)
    (registry.models / HISTORY).write_bytes(line + b"\n")

    registry.record(RegistryEvent(now(), "anna", Action.PROMOTE, "s", "a", ""))

    assert registry.history().unreadable == ((1,) if line.strip() else ())
    assert registry.live_version() == "a"
    assert states(registry)["a"] == "live"


@pytest.mark.parametrize("name", ["../default", "/etc", "a/../b", ""])
def test_a_pointer_to_somewhere_else_is_not_followed(registry: Registry, name: str):
    event = RegistryEvent(now(), "anna", Action.PROMOTE, "s", name, "")
    (registry.models / LIVE).write_text(event.to_json())

    with pytest.raises(RegistryError, match="delete it"):
        registry.live()
