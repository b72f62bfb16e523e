"""Recipes: every field there, no other, all faults at once."""

from pathlib import Path

import pytest

from model.errors import InvalidData
from training.__main__ import read_arguments
from training.recipe import RECIPES, read_recipe

DEFAULT = (RECIPES / "default.toml").read_text()


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_recipes_that_come_along_read(path: Path):
    assert read_recipe(path).folds != 1


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("seed = 17", "", "seed"),
        ("seed = 17", 'seed = "17"', "seed"),
        ("seed = 17", "sede = 17\nseed = 17", "sede"),
        ('precision = "auto"', 'precision = "fp8"', "precision"),
        ('engine = "openvino-int8"', 'engine = "abacus"', "engine"),
        ("folds = 3", "folds = 1", "folds"),
        ("folds = 3", "folds = true", "folds"),
        ("seed = 17", "seed = ", "file"),
        ("ema_decay = 0.0", "ema_decay = 1.5", "ema_decay"),
        ("hard_weight = 1.0", "hard_weight = -1", "hard_weight"),
        ("weight_decay = 0.01", "weight_decay = true", "weight_decay"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, old: str, new: str, field: str):
    assert old in DEFAULT
    path = tmp_path / "recipe.toml"
    path.write_text(DEFAULT.replace(old, new))

    with pytest.raises(InvalidData) as caught:
        read_recipe(path)
    assert [fault.field for fault in caught.value.faults] == [field]


def test_a_whole_number_does_for_a_decimal_one(tmp_path: Path):
    path = tmp_path / "recipe.toml"
    path.write_text(DEFAULT.replace("weight_decay = 0.01", "weight_decay = 0"))

    assert read_recipe(path).weight_decay == 0


def test_soft_labels_need_folds(tmp_path: Path):
    path = tmp_path / "recipe.toml"
    text = DEFAULT.replace("folds = 3", "folds = 0").replace("soft_share = 0.0", "soft_share = 0.4")
    path.write_text(text)

    with pytest.raises(InvalidData, match="2 or more"):
        read_recipe(path)


def test_a_teacher_answers_instead_of_folds_and_for_soft_labels_only(tmp_path: Path):
    path = tmp_path / "recipe.toml"
    taught = DEFAULT.replace('teacher = ""', 'teacher = "of.tsv"')
    path.write_text(taught)

    with pytest.raises(InvalidData, match="no folds"):
        read_recipe(path)

    path.write_text(taught.replace("folds = 3", "folds = 0").replace("share = 0.0", "share = 0.7"))
    assert read_recipe(path).teacher == "of.tsv"


def test_a_full_retraining_freezes_nothing_and_starts_from_the_same_model():
    short = read_recipe(read_arguments(["retrain"]).recipe)
    full = read_recipe(read_arguments(["retrain", "--full"]).recipe)

    assert (short.frozen_layers, full.frozen_layers) == (3, 0)
    assert full.start == short.start == "model/default"


def test_all_faults_are_told_at_once_with_what_was_probably_meant(tmp_path: Path):
    path = tmp_path / "recipe.toml"
    faulty = DEFAULT.replace("max_epochs", "max_epoch").replace('"auto"', '"bf61"')
    path.write_text(faulty.replace("ema_decay = 0.0", "ema_decay = 2"))

    with pytest.raises(InvalidData) as caught:
        read_recipe(path)

    told = {fault.field: fault for fault in caught.value.faults}
    assert set(told) == {"max_epoch", "max_epochs", "precision", "ema_decay"}
    assert told["max_epoch"].valid == "did you mean 'max_epochs'?"
    assert told["max_epochs"].code == "missing"
    assert told["precision"].valid == "did you mean 'bf16'?"
    assert told["ema_decay"].got == "2"
