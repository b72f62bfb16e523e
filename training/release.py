"""A trained model folder to the shipped one: the same model without its stock transformers copy."""

import shutil
from pathlib import Path

from model.artifact import (
    COMPLETE,
    HF_FOLDER,
    MANIFEST,
    Artifact,
    new_artifact,
    open_artifact,
    seal,
)


def release(source: Path, shipped: Path) -> Artifact:
    """Replace the shipped folder by a verified copy of `source`.

    Raises:
        ArtifactError: `source` is not a whole, verified model; the shipped one stays.
    """
    artifact = open_artifact(source)
    fresh = shipped.with_name(f"{shipped.name}.new")
    with new_artifact(fresh) as temporary:
        left_out = shutil.ignore_patterns(HF_FOLDER, MANIFEST, COMPLETE)
        shutil.copytree(source, temporary, ignore=left_out, dirs_exist_ok=True)
        seal(temporary, artifact.manifest)
    _replace(shipped, fresh)
    return open_artifact(shipped)


def _replace(shipped: Path, fresh: Path) -> None:
    old = shipped.with_name(f"{shipped.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if shipped.exists():
        shipped.rename(old)
    fresh.rename(shipped)
    shutil.rmtree(old, ignore_errors=True)
