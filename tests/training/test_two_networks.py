"""A model of two networks through the whole path: trained, released, retrained, served."""

import dataclasses
import json
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from data.annotation.annotation import Annotation
from model.artifact.folder import COMPLETE, MANIFEST, Artifact, open_artifact, seal
from model.decide.second_opinion import Effort
from model.errors import ArtifactCorrupt, GoldenMismatch, InvalidData
from model.self_test import load_tested_classifier
from serve.app import create_app
from serve.settings import Settings
from tests.conftest import TOY_CASES
from training.pipeline import careful_network, train
from training.prepare import TrainingData, prepare
from training.recipe import Recipe
from training.release.hf_folder import export_hf_folder
from training.release.shipped import release
from training.report.write import EvaluationPlan

CAREFUL_FILES = {"careful/engine.bin", "careful/engine.xml", "careful/tokenizer.json"}


@pytest.fixture(scope="module")
def data(toy_annotations: list[Annotation]) -> TrainingData:
    return prepare(toy_annotations[64:], min_positives=5)


@dataclass
class Trained:
    """Where a fast network and, by a recipe of its own, a careful one were trained."""

    recipe: Recipe
    models: Path
    artifact: Artifact
    said: list[str]


@pytest.fixture(scope="module")
def trained(
    data: TrainingData, tiny_recipe: Recipe, tmp_path_factory: pytest.TempPathFactory
) -> Trained:
    """Train both; the fast network learns less, the careful one has one layer and fewer tokens."""
    folder = tmp_path_factory.mktemp("two")
    plain = dataclasses.replace(tiny_recipe, folds=0)
    own = dataclasses.replace(plain, layers=1, min_token_count=2, max_epochs=8, patience=8)
    rows = dataclasses.asdict(own).items()
    (folder / "careful.toml").write_text("".join(f"{k} = {json.dumps(v)}\n" for k, v in rows))
    careful = str(folder / "careful.toml")
    recipe = dataclasses.replace(plain, max_epochs=3, careful=careful, asked_twice=0.3)
    said: list[str] = []
    plan = EvaluationPlan(cases=TOY_CASES)
    artifact = train(data, recipe, folder / "models", plan, say=said.append)
    return Trained(recipe, folder / "models", artifact, said)


@pytest.fixture(scope="module")
def artifact(trained: Trained) -> Artifact:
    return trained.artifact


@pytest.fixture
def texts(toy_annotations: list[Annotation]) -> list[str]:
    return [each.text for each in toy_annotations[:64]]


def test_the_folder_holds_both_and_says_how_they_answer_together(artifact: Artifact):
    careful = artifact.manifest.careful

    assert {n for n in artifact.manifest.files if n.startswith("careful/")} == CAREFUL_FILES
    assert 0 < careful.blend.doubt < 0.5
    assert careful.share == pytest.approx(0.3, abs=0.1)
    assert careful.cost > 0
    assert "A second reading of what is doubted" in (artifact.folder / "README.md").read_text()


def test_the_careful_network_is_a_model_of_its_own_and_trained_once(
    trained: Trained, data: TrainingData
):
    """A run that is killed between the two takes it up, as does one with another fast network."""
    (own,) = (path for path in trained.models.iterdir() if not open_artifact(path).careful)
    said: list[str] = []

    again = careful_network(data, trained.recipe, trained.models, EvaluationPlan(), say=said.append)

    assert sum("the careful network first" in line for line in trained.said) == 1
    assert said == [f"the careful network is {own}"]
    assert again.stored.folder == own
    provenance = trained.artifact.manifest.careful.provenance
    assert (provenance["version"], provenance["recipe"]["layers"]) == (own.name, 1)
    assert "careful" not in json.loads((own / MANIFEST).read_text())
    assert "asked_twice" not in (own / "golden.jsonl").read_text()
    assert load_tested_classifier(open_artifact(own)).effort == Effort.FAST


def test_it_has_its_own_trimmed_vocabulary(artifact: Artifact):
    whole, trimmed = (
        json.loads(stored.tokenizer.read_text())["model"]["vocab"]
        for stored in (artifact.fast, artifact.careful)
    )

    assert len(trimmed) < len(whole)


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
    trained: Trained, data: TrainingData, tmp_path: Path, texts: list[str]
):
    recipe, artifact = trained.recipe, trained.artifact
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


def test_a_start_with_one_network_gives_none(trained: Trained, data: TrainingData):
    (own,) = (path for path in trained.models.iterdir() if not open_artifact(path).careful)
    again = dataclasses.replace(trained.recipe, start=str(own), careful="start")

    assert careful_network(data, again, trained.models, EvaluationPlan(), say=print) is None


def test_a_careful_network_has_none_itself(trained: Trained, data: TrainingData, tmp_path: Path):
    path = tmp_path / "careful.toml"
    text = Path(trained.recipe.careful).read_text().replace('careful = ""', 'careful = "x"')
    path.write_text(text)
    nested = dataclasses.replace(trained.recipe, careful=str(path))

    with pytest.raises(InvalidData, match="no careful network"):
        careful_network(data, nested, trained.models, EvaluationPlan(), say=print)


def test_a_stock_folder_is_made_of_a_network_that_was_cut(trained: Trained, tmp_path: Path):
    (own,) = (path for path in trained.models.iterdir() if not open_artifact(path).careful)

    export_hf_folder(open_artifact(own), tmp_path / "hf")

    made = json.loads((tmp_path / "hf/config.json").read_text())
    kept = json.loads((own / "hf/config.json").read_text())
    assert (made["num_hidden_layers"], made["vocab_size"]) == (1, kept["vocab_size"])
