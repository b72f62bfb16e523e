"""Model folders: whole or absent, and every kind of damage its own clear error."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from model.artifact.folder import (
    COMPLETE,
    MANIFEST,
    Artifact,
    new_artifact,
    open_artifact,
    seal,
    sha256_file,
)
from model.artifact.manifest import Manifest, read_manifest
from model.errors import (
    ArtifactCorrupt,
    ArtifactError,
    ArtifactFormat,
    ArtifactLabels,
    ArtifactMissing,
)
from tests.fakes import manifest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "models" / "v1"
    with new_artifact(target) as temporary:
        (temporary / "report").mkdir()
        (temporary / "report" / "metrics.json").write_text("{}")
        (temporary / "engine.bin").write_bytes(b"weights")
        seal(temporary, manifest())
    return target


def test_a_sealed_folder_opens_and_says_what_was_written(folder: Path):
    artifact = open_artifact(folder)

    assert artifact.manifest.version == "v1"
    assert set(artifact.manifest.files) == {"engine.bin", "report/metrics.json"}
    assert artifact.manifest.calibration == manifest().calibration


def test_a_manifest_reads_back_as_it_was_written():
    assert read_manifest(manifest().to_json()) == manifest()


def remanifest(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    """Damage that somebody who also mends the checksum would do."""

    def damage(folder: Path) -> None:
        row = json.loads((folder / MANIFEST).read_text())
        change(row)
        (folder / MANIFEST).write_text(json.dumps(row))
        (folder / COMPLETE).write_text(sha256_file(folder / MANIFEST))

    return damage


def flip_a_byte(folder: Path) -> None:
    path = folder / "engine.bin"
    content = bytearray(path.read_bytes())
    content[3] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "error", "says"),
    [
        (lambda f: shutil.rmtree(f), ArtifactMissing, "COMPLETE"),
        (lambda f: (f / COMPLETE).unlink(), ArtifactMissing, "COMPLETE"),
        (lambda f: (f / "engine.bin").unlink(), ArtifactMissing, "engine.bin"),
        (flip_a_byte, ArtifactCorrupt, "engine.bin"),
        (lambda f: (f / MANIFEST).write_text("{}"), ArtifactCorrupt, "manifest.json"),
        (remanifest(lambda row: row.update(format=2)), ArtifactFormat, "format 2"),
        (remanifest(lambda row: row.pop("decisions")), ArtifactFormat, "decisions"),
        (remanifest(lambda row: row["calibration"].pop()), ArtifactFormat, "3 stances"),
        (remanifest(lambda row: row["labels"].reverse()), ArtifactLabels, "demand"),
    ],
)
def test_each_damage_has_its_own_error(
    folder: Path, damage: Callable[[Path], None], error: type[ArtifactError], says: str
):
    damage(folder)

    with pytest.raises(error, match=says) as caught:
        open_artifact(folder)
    assert type(caught.value) is error


def test_an_interrupted_write_leaves_nothing(tmp_path: Path):
    target = tmp_path / "v1"

    with pytest.raises(KeyboardInterrupt):
        write_half(target)

    assert list(tmp_path.iterdir()) == []


def write_half(target: Path) -> None:
    with new_artifact(target) as temporary:
        (temporary / "engine.bin").write_bytes(b"half")
        raise KeyboardInterrupt


def test_an_unsealed_folder_never_takes_its_name(tmp_path: Path):
    with new_artifact(tmp_path / "v1") as temporary:
        (temporary / "engine.bin").write_bytes(b"half")

    assert list(tmp_path.iterdir()) == []


def test_a_model_folder_is_never_overwritten(folder: Path):
    before = sha256_file(folder / MANIFEST)

    with pytest.raises(ArtifactError, match="never overwritten"), new_artifact(folder):
        pass

    assert sha256_file(folder / MANIFEST) == before


def test_another_label_order_is_refused_even_before_any_file_is_read():
    text = manifest(labels=("demand", "criticism", "agreement")).to_json()

    with pytest.raises(ArtifactLabels):
        read_manifest(text)


def test_what_the_pipeline_writes_is_a_manifest(tiny_artifact: Artifact):
    assert isinstance(open_artifact(tiny_artifact.folder).manifest, Manifest)
