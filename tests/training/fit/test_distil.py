"""Folds compute logits of what they did not see; these give soft labels."""

import dataclasses

import numpy as np
import pytest
from datasets import Dataset

from data.annotation.annotation import Annotation
from model.errors import NotEnoughData
from training.fit.cross_fit import cross_fit, make_folds
from training.fit.distil import SoftTargets, distil, unlabelled_examples, usable_texts
from training.fit.examples import make_examples, multi_hot
from training.fit.fine_tune import FineTuner, FineTuneResult
from training.fit.network import open_base_encoder
from training.recipe import Recipe


def test_folds_hold_out_every_document_once(toy_annotations: list[Annotation]):
    folds = make_folds(toy_annotations, 3)

    assert sorted(i for fold in folds for i in fold.held_out) == list(range(len(toy_annotations)))
    for fold in folds:
        seen = {toy_annotations[i].doc for i in fold.rows}
        assert seen.isdisjoint(toy_annotations[i].doc for i in fold.held_out)


def test_too_few_documents_for_the_folds_are_refused(toy_annotations: list[Annotation]):
    with pytest.raises(NotEnoughData):
        make_folds(toy_annotations[:8], 3)


def test_no_network_computes_logits_of_a_sentence_it_was_fitted_on(
    tiny_recipe: Recipe, toy_annotations: list[Annotation]
):
    base = open_base_encoder(tiny_recipe.base_model)
    tuner = FineTuner(tiny_recipe, base.encoder(64), "fp32")
    examples = make_examples(toy_annotations, tuner.encoder)
    examples = examples.add_column("row", list(range(len(examples))))
    more = unlabelled_examples(["the must.", "the welcome."], tuner.encoder)
    fitted_on: list[set[int]] = []

    def fit(_: str, rows: Dataset):
        fitted_on.append(set(rows["row"]))
        network = base.network(len(fitted_on))
        network.seen = fitted_on[-1]
        return network, FineTuneResult()

    class Watching(FineTuner):
        def logits(self, network, rows):  # noqa: ANN001
            assert "row" not in rows.column_names or network.seen.isdisjoint(rows["row"])
            return super().logits(network, rows)

    watching = Watching(**vars(tuner))
    held_out = cross_fit(watching, fit, make_folds(toy_annotations, 2), examples, more)

    assert held_out.labelled.shape == (len(toy_annotations), 3)
    assert held_out.unlabelled.shape == (2, 3)
    assert len(fitted_on) == 2


def test_labels_are_mixed_and_unlabelled_rows_follow(
    tiny_recipe: Recipe, toy_annotations: list[Annotation]
):
    encoder = open_base_encoder(tiny_recipe.base_model).encoder(64)
    few = [dataclasses.replace(toy_annotations[i], hard=i == 0) for i in range(4)]
    train = make_examples(few, encoder, hard_weight=0.5)
    more = unlabelled_examples(["the peace."], encoder)

    soft = SoftTargets(np.full((4, 3), 0.5), np.array([[0.1, 0.2, 0.3]]))
    rows = distil(train, more, soft, soft_share=0.4)

    labels = np.array(rows["labels"][:])
    assert labels[:4] == pytest.approx(0.6 * multi_hot(few) + 0.2)
    assert labels[4] == pytest.approx([0.1, 0.2, 0.3])
    assert rows["weight"][:] == [0.5, 1.0, 1.0, 1.0, 1.0]


def test_texts_over_the_window_are_told_apart(tiny_recipe: Recipe):
    encoder = open_base_encoder(tiny_recipe.base_model).encoder(16)

    assert usable_texts(["the peace.", "the peace " * 20], None, encoder) == ["the peace."]
