"""A model of two networks through the whole path: trained, released, retrained, served."""

import dataclasses
import json
import random
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from data.annotation.annotation import Annotation
from model.artifact.folder import COMPLETE, MANIFEST, Artifact, open_artifact, seal
from model.decide.second_opinion import Effort
from model.errors import ArtifactCorrupt, GoldenMismatch
from model.self_test import load_tested_classifier
from serve.app import create_app
from serve.settings import Settings
from tests.conftest import TOY_CASES
from training.pipeline import train
from training.prepare import TrainingData, prepare
from training.recipe import Recipe
from training.release.shipped import release
from training.report.write import EvaluationPlan

CAREFUL_FILES = {"careful/engine.bin", "careful/engine.xml", "careful/tokenizer.json"}


@pytest.fixture(scope="module")
def data(toy_annotations: list[Annotation]) -> TrainingData:
    return prepare(toy_annotations[64:], min_positives=5)


@pytest.fixture(scope="module")
def recipe(tiny_artifact: Artifact, tiny_recipe: Recipe) -> Recipe:
    """A fast network that learns less than the careful one, which is a model that there is."""
    careful = str(tiny_artifact.folder)
    return dataclasses.replace(tiny_recipe, folds=0, max_epochs=3, careful=careful, asked_twice=0.3)


@pytest.fixture(scope="module")
def artifact(
    data: TrainingData, recipe: Recipe, tmp_path_factory: pytest.TempPathFactory
) -> Artifact:
    models = tmp_path_factory.mktemp("two")
    return train(data, recipe, models, EvaluationPlan(cases=TOY_CASES), say=lambda _: None)


@pytest.fixture
def texts(toy_annotations: list[Annotation]) -> list[str]:
    return [each.text for each in toy_annotations[:64]]


def test_the_folder_holds_both_and_says_how_they_answer_together(
    artifact: Artifact, tiny_artifact: Artifact
):
    careful = artifact.manifest.careful

    assert {n for n in artifact.manifest.files if n.startswith("careful/")} == CAREFUL_FILES
    assert careful.provenance["version"] == tiny_artifact.manifest.version
    assert 0 < careful.blend.doubt < 0.5
    assert careful.share == pytest.approx(0.3, abs=0.1)
    assert careful.cost > 0
    assert "A second reading of what is doubted" in (artifact.folder / "README.md").read_text()


def test_one_network_s_folder_says_nothing_of_two(tiny_artifact: Artifact):
    assert "careful" not in json.loads((tiny_artifact.folder / MANIFEST).read_text())
    assert "asked_twice" not in (tiny_artifact.folder / "golden.jsonl").read_text()
    assert load_tested_classifier(tiny_artifact).effort == Effort.FAST


def test_a_sentence_gets_the_same_answer_alone_and_in_any_company(
    artifact: Artifact, texts: list[str]
):
    classifier = load_tested_classifier(artifact, threads=2)
    together = {row.sentence.text: row for row in classifier.classify_each(texts)}
    shuffled = random.Random(2).sample(texts, 40)
    elsewhere = {row.sentence.text: row for row in classifier.classify_each(shuffled)}
    alone = {text: classifier.classify_each([text])[0] for text in texts[:30]}

    assert {row.asked_twice for row in together.values()} == {True, False}
    for text, row in [*elsewhere.items(), *alone.items()]:
        assert row.scores == together[text].scores
        assert row.asked_twice == together[text].asked_twice


def test_fast_is_the_first_network_alone_and_careful_asks_all(artifact: Artifact, texts: list[str]):
    balanced = load_tested_classifier(artifact).classify_each(texts)
    fast = load_tested_classifier(artifact, effort=Effort.FAST)
    careful = load_tested_classifier(artifact, effort=Effort.CAREFUL).classify_each(texts)

    assert fast.careful is None  # not even loaded
    for both, first, second in zip(balanced, fast.classify_each(texts), careful, strict=True):
        assert second.asked_twice
        assert both.scores == (second.scores if both.asked_twice else first.scores)


def test_the_service_gives_the_same_answers(artifact: Artifact, texts: list[str]):
    expected = load_tested_classifier(artifact).classify_each(texts)

    with TestClient(create_app(Settings(model=artifact.folder))) as client:
        answer = client.post("/v1/classify", json={"sentences": texts}).json()

    rows = answer["sentences"]
    assert [row["scores"] for row in rows] == [row.to_fields()["scores"] for row in expected]
    assert answer["summary"]["asked_twice"] == sum(row.asked_twice for row in expected) > 0


def test_both_networks_are_verified_and_prove_themselves(artifact: Artifact, tmp_path: Path):
    folder = tmp_path / "damaged"
    shutil.copytree(artifact.folder, folder)
    (folder / "careful/engine.bin").write_bytes(b"other weights")
    with pytest.raises(ArtifactCorrupt, match="careful"):
        open_artifact(folder)

    shutil.rmtree(folder)
    shutil.copytree(artifact.folder, folder, ignore=shutil.ignore_patterns(MANIFEST, COMPLETE))
    golden = folder / "golden.jsonl"
    rows = [json.loads(line) for line in golden.read_text().splitlines()]
    rows[3]["asked_twice"]["demand"] = abs(rows[3]["asked_twice"]["demand"] - 0.5)
    golden.write_text("\n".join(map(json.dumps, rows)))
    seal(folder, artifact.manifest)
    with pytest.raises(GoldenMismatch):
        load_tested_classifier(open_artifact(folder))
    assert load_tested_classifier(open_artifact(folder), effort=Effort.FAST)


def test_retraining_keeps_the_careful_network_and_fits_the_blend_anew(
    artifact: Artifact, data: TrainingData, recipe: Recipe, tmp_path: Path, texts: list[str]
):
    shipped = release(artifact.folder, tmp_path / "default")
    again = dataclasses.replace(
        recipe, start=str(shipped.folder), careful="start", frozen_layers=1, max_epochs=2
    )

    retrained = train(data, again, tmp_path / "models", EvaluationPlan(), say=lambda _: None)

    for name in CAREFUL_FILES:
        assert retrained.manifest.files[name] == artifact.manifest.files[name]
    assert retrained.manifest.files["engine.bin"] != artifact.manifest.files["engine.bin"]
    assert retrained.manifest.careful.blend != artifact.manifest.careful.blend
    assert retrained.manifest.careful.provenance == artifact.manifest.careful.provenance
    assert load_tested_classifier(retrained).classify_each(texts)


def test_a_start_with_one_network_gives_one(
    tiny_artifact: Artifact, data: TrainingData, recipe: Recipe, tmp_path: Path
):
    again = dataclasses.replace(
        recipe, start=str(tiny_artifact.folder), careful="start", frozen_layers=1, max_epochs=1
    )

    retrained = train(data, again, tmp_path, EvaluationPlan(), say=lambda _: None)

    assert retrained.careful is None


def test_a_careful_network_with_a_recipe_is_trained_once(
    data: TrainingData, recipe: Recipe, tmp_path: Path
):
    """Cut to one layer and the tokens that are used, it is a model of its own."""
    own = dataclasses.replace(recipe, careful="", layers=1, min_token_count=2, max_epochs=6)
    path = tmp_path / "careful.toml"
    path.write_text("".join(f"{k} = {json.dumps(v)}\n" for k, v in dataclasses.asdict(own).items()))
    fast = dataclasses.replace(recipe, careful=str(path), max_epochs=2)
    said: list[str] = []

    for seed in (1, 2):
        varied = dataclasses.replace(fast, seed=seed)
        two = train(data, varied, tmp_path / "models", EvaluationPlan(), say=said.append)

    (first,) = (f for f in (tmp_path / "models").iterdir() if not open_artifact(f).careful)
    assert len(list((tmp_path / "models").iterdir())) == 3
    assert sum("the careful network first" in line for line in said) == 1
    assert two.manifest.careful.provenance["version"] == first.name
    assert two.manifest.careful.provenance["recipe"]["layers"] == 1
    vocabularies = [json.loads(n.read_text())["model"]["vocab"] for n in tokenizers(two)]
    assert len(vocabularies[1]) < len(vocabularies[0])


def tokenizers(artifact: Artifact) -> list[Path]:
    return [artifact.fast.tokenizer, artifact.careful.tokenizer]
