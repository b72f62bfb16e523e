"""A model proves itself before it is used."""

import dataclasses
import json
import shutil
from pathlib import Path

import pytest

from model.artifact.folder import COMPLETE, MANIFEST, Artifact, open_artifact, seal
from model.errors import ArtifactFormat, GoldenMismatch
from model.self_test import golden_difference, load_tested_classifier


def copied(artifact: Artifact, folder: Path) -> Path:
    shutil.copytree(artifact.folder, folder, ignore=shutil.ignore_patterns(MANIFEST, COMPLETE))
    return folder


def test_a_fresh_load_reproduces_the_golden_scores(tiny_artifact: Artifact):
    classifier = load_tested_classifier(tiny_artifact)

    assert golden_difference(classifier, tiny_artifact) < 1e-4


def test_a_model_that_scores_otherwise_is_refused(tiny_artifact: Artifact, tmp_path: Path):
    folder = copied(tiny_artifact, tmp_path / "v2")
    lines = (folder / "golden.jsonl").read_text().splitlines()
    first = json.loads(lines[0])
    first["scores"]["demand"] = abs(first["scores"]["demand"] - 0.5)
    (folder / "golden.jsonl").write_text("\n".join([json.dumps(first), *lines[1:]]))
    seal(folder, tiny_artifact.manifest)

    with pytest.raises(GoldenMismatch, match="golden"):
        load_tested_classifier(open_artifact(folder))


def test_an_unknown_engine_is_refused(tiny_artifact: Artifact, tmp_path: Path):
    folder = copied(tiny_artifact, tmp_path / "v2")
    seal(folder, dataclasses.replace(tiny_artifact.manifest, engine="abacus"))

    with pytest.raises(ArtifactFormat, match="abacus"):
        load_tested_classifier(open_artifact(folder))
