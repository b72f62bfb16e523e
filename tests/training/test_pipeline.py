"""Annotations to a model folder and back: what training made is what serving says."""

import dataclasses
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.annotation.annotation import Annotation
from model.artifact.folder import Artifact, open_artifact, sha256_file
from model.self_test import load_tested_classifier
from model.stance import STANCES
from training.fit.examples import multi_hot
from training.fit.network import open_base_encoder
from training.fit.soft_labels import write_soft_labels
from training.pipeline import train
from training.prepare import prepare
from training.recipe import Recipe
from training.release.shipped import release
from training.report.write import EvaluationPlan


def train_quietly(
    annotations: list[Annotation], recipe: Recipe, models: Path, **more: Any
) -> Artifact:
    data = prepare(annotations, min_positives=recipe.min_positives, **more)
    return train(data, recipe, models, EvaluationPlan(), say=lambda _: None)


def test_the_folder_holds_what_the_design_lists(tiny_artifact: Artifact):
    names = set(tiny_artifact.manifest.files)

    assert {"tokenizer.json", "engine.xml", "engine.bin", "golden.jsonl", "README.md"} <= names
    assert {"report/metrics.json", "report/coverage.png", "report/index.html"} <= names
    assert {"report/curves-test.png", "report/curves-toys-again.png"} <= names
    assert "checkpoint.safetensors" in names
    assert "hf/model.safetensors" in names
    assert not [name for name in names if name.endswith((".pkl", ".pt", ".pickle"))]


def test_a_service_under_another_user_can_read_every_file(tiny_artifact: Artifact):
    files = [tiny_artifact.folder / name for name in tiny_artifact.manifest.files]

    assert not [file for file in files if not file.stat().st_mode & 0o004]


def test_it_learnt_the_toy_language(tiny_artifact: Artifact):
    assert tiny_artifact.manifest.metrics["macro_f1"]["value"] > 0.9


def test_the_fp32_graph_equals_torch_and_int8_is_measured(tiny_artifact: Artifact):
    parity = tiny_artifact.manifest.provenance["parity"]

    assert parity["sentences"] == 200
    assert parity["fp32"] <= 1e-4
    assert 0 < parity["engine"] < 0.1


def test_serving_tokenises_as_training_did(tiny_artifact: Artifact, tiny_recipe: Recipe):
    from model.text.tokens import SentenceEncoder  # noqa: PLC0415 - beside its only use

    manifest = tiny_artifact.manifest
    serving = SentenceEncoder.from_file(
        tiny_artifact.tokenizer, max_window=manifest.max_window, pad_id=manifest.pad_id
    )
    trained = open_base_encoder(tiny_recipe.base_model).encoder(tiny_recipe.max_window)
    texts = ["We “welcome” the truce — today.", "the border’s talks", "Unknown wörds \u200b here"]

    assert serving.encode(texts) == trained.encode(texts)


@pytest.mark.filterwarnings("ignore:overflow encountered in exp")  # of a logit below -88
def test_transformers_pipeline_gives_the_scores_of_the_service(tiny_artifact: Artifact):
    from transformers import pipeline  # noqa: PLC0415 - heavy, beside its only use

    texts = ["the welcome and talks 3 4.", "the must and “condemn” peace 1 2."]
    stock = pipeline("text-classification", str(tiny_artifact.folder / "hf"), top_k=None)
    expected = [{row["label"]: row["score"] for row in rows} for rows in stock(texts)]

    scored = load_tested_classifier(tiny_artifact).classify_each(texts)

    for row, wanted in zip(scored, expected, strict=True):
        for i, stance in enumerate(STANCES):
            # calibrated and all; what is left is the int8 rounding of a tiny random network
            assert row.scores[i] == pytest.approx(wanted[stance], abs=0.05)


def test_the_manifest_can_tell_whether_anything_changed(
    tiny_artifact: Artifact, tiny_recipe: Recipe
):
    provenance = tiny_artifact.manifest.provenance

    assert provenance["recipe"] == dataclasses.asdict(tiny_recipe)
    assert len(provenance["data_fingerprint"]) == len(provenance["split_fingerprint"]) == 64
    assert provenance["packages"]["torch"]


def test_the_card_states_the_measured_figures(tiny_artifact: Artifact):
    card = (tiny_artifact.folder / "README.md").read_text()

    assert tiny_artifact.manifest.version in card
    assert f"{100 * tiny_artifact.manifest.metrics['macro_f1']['value']:.1f} (" in card


def test_distilling_learns_from_texts_without_labels(
    toy_annotations: list[Annotation], tiny_recipe: Recipe, tmp_path: Path
):
    recipe = dataclasses.replace(tiny_recipe, soft_share=0.5, ema_decay=0.5, hard_weight=0.5)
    labelled, rest = toy_annotations[:320], toy_annotations[320:]
    texts = [each.text for each in rest]

    artifact = train_quietly(
        labelled[:200], recipe, tmp_path, extra=labelled[200:], unlabelled=texts
    )

    assert artifact.manifest.provenance["counts"]["unlabelled"] == len(texts)
    assert artifact.manifest.metrics["macro_f1"]["value"] > 0.9


def test_a_teacher_stands_in_for_the_folds(
    toy_annotations: list[Annotation], tiny_recipe: Recipe, tmp_path: Path
):
    path = tmp_path / "teacher.tsv"
    known, unknown = toy_annotations[200:], "the talks unknown to the teacher."
    write_soft_labels(path, [each.text for each in known], multi_hot(known).astype(np.float64))
    recipe = dataclasses.replace(
        tiny_recipe, folds=0, soft_share=1.0, teacher=str(path), max_epochs=12, patience=12
    )
    texts = [*dict.fromkeys(each.text for each in known[200:]), unknown]

    artifact = train_quietly(toy_annotations[:320], recipe, tmp_path / "models", unlabelled=texts)

    assert artifact.manifest.provenance["counts"]["unlabelled"] == len(texts) - 1
    assert artifact.manifest.provenance["teacher_sha256"] == sha256_file(path)
    assert artifact.manifest.metrics["macro_f1"]["value"] > 0.9


def test_no_teacher_overrules_what_users_judged(
    toy_annotations: list[Annotation], tiny_recipe: Recipe, tmp_path: Path
):
    path = tmp_path / "teacher.tsv"
    texts = [each.text for each in toy_annotations]
    flipped = 1 - multi_hot(toy_annotations).astype(np.float64)
    write_soft_labels(path, texts, flipped)
    recipe = dataclasses.replace(
        tiny_recipe, folds=0, soft_share=1.0, teacher=str(path), max_epochs=12, patience=12
    )

    artifact = train_quietly(toy_annotations[:320], recipe, tmp_path / "models", judged=texts)

    assert artifact.manifest.metrics["macro_f1"]["value"] > 0.9


def test_other_measured_sets_and_behaviour_are_reported(tiny_artifact: Artifact):
    metrics = tiny_artifact.manifest.metrics
    page = (tiny_artifact.folder / "report" / "index.html").read_text()

    assert metrics["measured"]["toys again"]["sentences"] == 64
    assert metrics["behaviour"]["functions"][0]["function"] == "must"
    assert 'id="toys-again"' in page
    assert 'src="data:image/png' in page
    assert "http" not in page


def test_release_ships_the_same_model_without_the_stock_folder(
    tiny_artifact: Artifact, tmp_path: Path
):
    shipped = tmp_path / "default"
    release(tiny_artifact.folder, shipped)

    again = release(tiny_artifact.folder, shipped)  # over the one that is there

    assert again.manifest.version == tiny_artifact.manifest.version
    assert not (shipped / "hf").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["default"]
    text = ["the welcome and talks."]
    assert load_tested_classifier(again).classify_each(text) == load_tested_classifier(
        tiny_artifact
    ).classify_each(text)


def test_killed_at_any_time_it_leaves_nothing_half_written(
    toy_annotations: list[Annotation], tiny_recipe: Recipe, tmp_path: Path
):
    """Killed while training and while packaging, it gives no unfinished folder a name."""
    data, recipe = tmp_path / "toy.jsonl", tmp_path / "tiny.toml"
    rows = [{"text": a.text, "labels": list(a.labels), "doc": a.doc} for a in toy_annotations]
    data.write_text("\n".join(json.dumps(row) for row in rows))
    values = dataclasses.asdict(tiny_recipe).items()
    recipe.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in values))
    command = [
        sys.executable,
        "-m",
        "training",
        "train",
        "--data",
        str(data),
        "--recipe",
        str(recipe),
        "--models",
        str(tmp_path / "models"),
    ]
    for word in ("fold 1", "exporting"):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            seen = b""
            while word.encode() not in seen:
                chunk = process.stdout.read1()
                assert chunk, seen.decode()
                seen += chunk
            process.send_signal(signal.SIGKILL)

    finished = list((tmp_path / "models").glob("[!.]*")) if (tmp_path / "models").exists() else []
    assert finished == []

    done = subprocess.run(command, capture_output=True, text=True, check=True)
    (folder,) = (tmp_path / "models").glob("[!.]*")
    assert open_artifact(folder).manifest.version in done.stdout
