"""A teacher answers for documents that it has not seen, and goes on where it was killed."""

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest

from data.annotation.annotation import Annotation
from model.stance import Stance
from training.fit.examples import multi_hot
from training.fit.fine_tune import FineTuner
from training.fit.network import BaseEncoder, open_base_encoder
from training.fit.soft_labels import read_soft_labels
from training.recipe import Recipe
from training.teacher import resumable_fit, saved_logits, teach
from training.teacher.saved_fit import FitState


@pytest.fixture(scope="module")
def base(tiny_base: Path) -> BaseEncoder:
    return open_base_encoder(str(tiny_base))


@pytest.fixture(scope="module")
def tuner(base: BaseEncoder, tiny_recipe: Recipe) -> FineTuner:
    recipe = dataclasses.replace(tiny_recipe, max_epochs=9, dropout=0.1)
    return FineTuner(recipe, base.encoder(recipe.max_window), "fp32")


@pytest.fixture(scope="module")
def data(toy_annotations: list[Annotation]) -> teach.TeachingData:
    unlabelled = [re.sub(r"\d+ \d+\.", "98 99.", each.text) for each in toy_annotations[:80]]
    return teach.TeachingData(toy_annotations, unlabelled)


def silent(_: str) -> None:
    pass


class Killed(Exception):
    """Stands for a process that ends here."""


def test_every_text_is_answered_and_the_toy_language_is_learnt(
    tmp_path: Path, base: BaseEncoder, tuner: FineTuner, data: teach.TeachingData
):
    score = teach.teach(base, tuner, data, tmp_path / "work", tmp_path / "to.tsv", say=silent)

    answers = read_soft_labels(tmp_path / "to.tsv")
    texts = [*(each.text for each in data.labelled), *data.unlabelled]
    assert score > 0.9
    assert answers.known(texts) == texts
    given = answers.of(data.unlabelled, np.full((80, 3), np.nan)) > 0.5
    assert (given == multi_hot(data.labelled[:80])).mean() > 0.75


def test_a_killed_run_goes_on_and_says_the_same_as_one_that_was_not(
    tmp_path: Path,
    base: BaseEncoder,
    tuner: FineTuner,
    data: teach.TeachingData,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(resumable_fit, "SAVED_EVERY", 20)
    monkeypatch.setattr(saved_logits, "CHUNK", 64)
    teach.teach(base, tuner, data, tmp_path / "a", tmp_path / "a.tsv", say=silent)
    saves, save = [], FitState.save

    def killed_at_the_third(state: FitState, folder: Path, step: int) -> None:
        save(state, folder, step)
        saves.append(step)
        if len(saves) == 3:
            raise Killed

    monkeypatch.setattr(FitState, "save", killed_at_the_third)
    with pytest.raises(Killed):
        teach.teach(base, tuner, data, tmp_path / "b", tmp_path / "b.tsv", say=silent)
    teach.teach(base, tuner, data, tmp_path / "b", tmp_path / "b.tsv", say=silent)

    assert saves[:4] == [20, 40, 60, 80]  # what was made is not made again
    assert (tmp_path / "b.tsv").read_bytes() == (tmp_path / "a.tsv").read_bytes()


def test_other_data_or_another_recipe_starts_over(
    base: BaseEncoder, tuner: FineTuner, data: teach.TeachingData
):
    other_recipe = dataclasses.replace(tuner, recipe=dataclasses.replace(tuner.recipe, seed=3))
    relabelled = dataclasses.replace(data.labelled[0], labels=(Stance.DEMAND,))
    others = [
        data.fingerprint(base, other_recipe),
        teach.TeachingData([relabelled, *data.labelled[1:]], data.unlabelled).fingerprint(
            base, tuner
        ),
        teach.TeachingData(data.labelled, data.unlabelled[:1]).fingerprint(base, tuner),
    ]

    assert data.fingerprint(base, tuner) == data.fingerprint(base, tuner)
    assert len({data.fingerprint(base, tuner), *others}) == 4
