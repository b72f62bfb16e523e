"""The model that ships: it loads, proves itself, and answers the same in any company."""

import random
from pathlib import Path

import pytest

from data.annotation.annotation import Annotation
from data.annotation.behaviour_suite import read_behaviour
from data.annotation.split import split_annotations
from model.artifact.folder import Artifact, open_artifact
from model.classifier import StanceClassifier
from model.registry.registry import SHIPPED
from model.self_test import load_tested_classifier
from model.stance import STANCES
from training.measure.evaluate import measure, predict
from training.release.hf_folder import export_hf_folder

BATCH_BOUND = 1e-6


@pytest.fixture(scope="module")
def artifact() -> Artifact:
    return open_artifact(SHIPPED)


@pytest.fixture(scope="module")
def classifier(artifact: Artifact) -> StanceClassifier:
    return load_tested_classifier(artifact)


def test_the_folder_is_small_enough_to_ship(artifact: Artifact):
    sizes = {path: path.stat().st_size for path in artifact.folder.rglob("*") if path.is_file()}

    assert sum(sizes.values()) <= 55e6
    assert sum(size for path, size in sizes.items() if path.stem == "engine") <= 30e6


def test_swapping_states_changes_few_label_sets(classifier: StanceClassifier):
    pairs = [case for case in read_behaviour() if case.function == "name-swap"]
    scored = classifier.classify_each([text for case in pairs for text in case.texts])
    changed = [
        case.id for i, case in enumerate(pairs) if scored[2 * i].labels != scored[2 * i + 1].labels
    ]

    assert len(changed) <= 0.02 * len(pairs), changed


def test_the_stock_folder_made_from_the_checkpoint_gives_the_served_scores(
    classifier: StanceClassifier, artifact: Artifact, tmp_path: Path
):
    from transformers import pipeline  # noqa: PLC0415 - heavy, beside its only use

    export_hf_folder(artifact, tmp_path / "hf")
    texts = [text for text, _ in artifact.golden()]
    stock = pipeline("text-classification", str(tmp_path / "hf"), top_k=None)

    for row, wanted in zip(classifier.classify_each(texts), stock(texts), strict=True):
        scores = {each["label"]: each["score"] for each in wanted}
        # int8 against fp32: the largest difference on 200 other sentences is in the manifest
        bound = 2 * artifact.manifest.provenance["parity"]["engine"]
        assert row.scores == pytest.approx([scores[s] for s in STANCES], abs=bound)


def test_it_finds_plain_stances(classifier: StanceClassifier):
    scored = classifier.classify(
        "We warmly welcome the agreement reached in Sela. The minister condemned the attack. "
        "All parties must release the prisoners at once. The delegation arrived on Monday."
    )

    assert [row.labels for row in scored] == [("agreement",), ("criticism",), ("demand",), ()]


def test_a_sentence_scores_the_same_alone_and_in_any_batch(
    classifier: StanceClassifier, corpus: list[Annotation]
):
    texts = [each.text for each in corpus[::12]]
    together = {row.sentence.text: row.scores for row in classifier.classify_each(texts)}
    shuffled = texts.copy()
    random.Random(3).shuffle(shuffled)
    elsewhere = {r.sentence.text: r.scores for r in classifier.classify_each(shuffled[:100])}
    alone = {text: classifier.classify_each([text])[0].scores for text in texts[:60]}

    for text, scores in [*elsewhere.items(), *alone.items()]:
        assert scores == pytest.approx(together[text], abs=BATCH_BOUND)


def test_typographic_variants_score_the_same(classifier: StanceClassifier):
    plain = "The \"offer\" isn't acceptable - it's an insult..."
    typographic = "The “offer” isn’t acceptable – it’s an insult…"

    first, second = classifier.classify_each([plain, typographic])

    assert second.scores == pytest.approx(first.scores, abs=BATCH_BOUND)


def test_a_sentence_over_the_window_is_scored_whole(classifier: StanceClassifier):
    filler = "the committee met and read its papers and " * 60
    text = f"{filler} we demand that the prisoners be released immediately"

    (row,) = classifier.classify_each([text])

    assert row.windows > 1
    assert "demand" in row.labels


def test_the_published_figures_are_those_of_this_model(
    classifier: StanceClassifier, artifact: Artifact, corpus: list[Annotation]
):
    """As long as the corpus is the one it was trained on; the test part only ever grows."""
    test = split_annotations(corpus).test
    if len(test) != artifact.manifest.metrics["sentences"]:
        pytest.skip("the corpus has grown since this model was trained")

    measured = measure(predict(classifier, test))

    assert measured.macro_f1.value == pytest.approx(
        artifact.manifest.metrics["macro_f1"]["value"], abs=0.01
    )
