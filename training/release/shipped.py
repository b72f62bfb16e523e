"""A trained model folder to the shipped one: the same without its folder for transformers."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from data.annotation.annotation import Annotation
from model.artifact.folder import (
    CARD,
    COMPLETE,
    HF_FOLDER,
    MANIFEST,
    REPORT_FOLDER,
    Artifact,
    new_artifact,
    open_artifact,
    seal,
)
from model.engines.graph import LARGEST_FILE
from model.errors import ArtifactError
from model.self_test import load_tested_classifier
from training.report.write import EvaluationPlan, write_report

LARGEST_SHIPPED = 150_000_000  # bytes, of all files


def release(
    source: Path,
    shipped: Path,
    test: Sequence[Annotation] = (),
    evaluation: EvaluationPlan | None = None,
) -> Artifact:
    """Replace the shipped folder by a verified copy of `source`.

    With `evaluation`, report and card are written again, measured on `test` and its other sets.

    Raises:
        ArtifactError: `source` is not a whole, verified model, or too large to be shipped; the
            shipped one stays.
    """
    artifact = open_artifact(source)
    fresh = shipped.with_name(f"{shipped.name}.new")
    with new_artifact(fresh) as temporary:
        left_out = [HF_FOLDER, MANIFEST, COMPLETE, *([REPORT_FOLDER, CARD] if evaluation else [])]
        ignored = shutil.ignore_patterns(*left_out)
        shutil.copytree(source, temporary, ignore=ignored, dirs_exist_ok=True)
        manifest = artifact.manifest
        if evaluation:
            manifest = write_report(temporary, load_tested_classifier(artifact), test, evaluation)
        _check_size(temporary)
        seal(temporary, manifest)
    _replace(shipped, fresh)
    return open_artifact(shipped)


def _check_size(folder: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    name, largest = max(sizes.items(), key=lambda each: each[1])
    if largest > LARGEST_FILE:
        raise ArtifactError(f"{name} has {largest / 1e6:.0f} MB; git hosts refuse 100")
    if (total := sum(sizes.values())) > LARGEST_SHIPPED:
        raise ArtifactError(
            f"the model has {total / 1e6:.0f} MB, over the {LARGEST_SHIPPED / 1e6:.0f} that are "
            "shipped: keep fewer layers or tokens of its careful network"
        )


def _replace(shipped: Path, fresh: Path) -> None:
    old = shipped.with_name(f"{shipped.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if shipped.exists():
        shipped.rename(old)
    fresh.rename(shipped)
    shutil.rmtree(old, ignore_errors=True)
