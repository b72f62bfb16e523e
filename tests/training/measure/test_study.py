"""Baselines and the learning curve, on the toy language."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from data.annotation.annotation import Annotation
from data.annotation.split import split_annotations
from model.errors import InvalidData
from training.measure.evaluate import macro_f1
from training.measure.study import Study
from training.measure.study_file import read_study, write_study
from training.pipeline import study
from training.prepare import prepare
from training.recipe import Recipe
from training.release.provenance import data_fingerprint
from training.report.page import study_table


@pytest.fixture(scope="module")
def toy_study(toy_annotations: list[Annotation], tiny_recipe: Recipe) -> Study:
    recipe = dataclasses.replace(tiny_recipe, max_epochs=3)
    measured = {"again": toy_annotations[:64]}
    data = prepare(toy_annotations[64:], min_positives=5, measured=measured)
    return study(data, recipe, measured, say=lambda _: None)


def test_every_contender_is_measured_on_every_set(toy_study: Study):
    assert len(toy_study.baselines) == 4
    for each in [*toy_study.baselines, *toy_study.learning_curve]:
        assert set(each.predictions) == {"test", "again"}
        assert np.isfinite(each.predictions["test"].probabilities).all()


def test_words_alone_suffice_for_the_toy_language(toy_study: Study):
    assert macro_f1(toy_study.baselines[0].predictions["test"]) > 0.9


def test_the_curve_grows_with_the_data(toy_study: Study):
    sizes = [each.sentences for each in toy_study.learning_curve]

    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1] == toy_study.baselines[0].sentences


def test_it_reads_back_and_only_for_the_same_data(toy_study: Study, tmp_path: Path):
    path = tmp_path / "var" / "study.json"
    write_study(toy_study, path)

    again = read_study(path, data_fingerprint=toy_study.data_fingerprint)

    own = toy_study.baselines[0].predictions
    assert study_table(again, own) == study_table(toy_study, own)
    with pytest.raises(InvalidData, match="stale"):
        read_study(path, data_fingerprint="0" * 64)


@pytest.mark.parametrize(
    "content", [None, "", "{", "[]", "{}", '{"data_fingerprint": "0"}', "\xff"]
)
def test_what_is_not_a_study_is_told_with_what_would_be(tmp_path: Path, content: str | None):
    path = tmp_path / "study.json"
    if content is not None:
        path.write_text(content, encoding="latin-1")

    with pytest.raises(InvalidData, match=r"study\.json:0: file: .*make study"):
        read_study(path, data_fingerprint="0")


def test_the_fingerprint_is_that_of_the_data(toy_study: Study, toy_annotations: list[Annotation]):
    split = split_annotations(toy_annotations[64:])

    assert toy_study.data_fingerprint == data_fingerprint(split)


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"data_fingerprint": "x"}', "\xff"])
def test_a_file_that_is_not_a_study_is_told_and_no_traceback(tmp_path: Path, content: str | None):
    path = tmp_path / "study.json"
    if content is not None:
        path.write_bytes(content.encode("latin-1"))

    with pytest.raises(InvalidData, match=r"study\.json"):
        read_study(path, data_fingerprint="x")
