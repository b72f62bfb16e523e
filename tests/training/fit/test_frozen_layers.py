"""Lower layers frozen: the same network, and only its upper part tuned."""

import dataclasses

import numpy as np
import pytest
import torch

from data.annotation.annotation import Annotation
from model.errors import BaseModelError
from training.fit.examples import make_examples
from training.fit.fine_tune import FineTuner
from training.fit.frozen_layers import frozen_lower_layers
from training.fit.network import BaseEncoder, open_base_encoder
from training.recipe import Recipe


@pytest.fixture(scope="module")
def base(tiny_recipe: Recipe) -> BaseEncoder:
    return open_base_encoder(tiny_recipe.base_model)


@pytest.fixture(scope="module")
def tuner(base: BaseEncoder, tiny_recipe: Recipe) -> FineTuner:
    return FineTuner(tiny_recipe, base.encoder(64), "fp32")


def test_remembered_layers_give_the_same_logits_alone_and_in_any_batch(
    base: BaseEncoder, tuner: FineTuner, toy_annotations: list[Annotation]
):
    examples = make_examples(toy_annotations[:40], tuner.encoder)
    network = base.network(1)
    whole = tuner.logits(network, examples)

    with frozen_lower_layers(network, 1, pad_id=base.pad_id):
        first = tuner.logits(network, examples)
        again = tuner.logits(network, examples.select(range(39, -1, -1)))[::-1]

    # bf16 keeps eight bits of a hidden state
    assert np.abs(first - whole).max() < 0.05
    assert np.abs(first - again).max() < 1e-5
    assert np.array_equal(tuner.logits(network, examples), whole)


def test_only_the_upper_layers_are_tuned(
    base: BaseEncoder, tuner: FineTuner, toy_annotations: list[Annotation]
):
    examples = make_examples(toy_annotations[:64], tuner.encoder)
    network = base.network(1)
    before = {name: value.clone() for name, value in network.state_dict().items()}

    with frozen_lower_layers(network, 1, pad_id=base.pad_id):
        tuner.fine_tune(network, examples, examples)

    changed = {n for n, value in network.state_dict().items() if not torch.equal(value, before[n])}
    assert not [name for name in changed if "embeddings" in name or "layer.0." in name]
    assert [name for name in changed if "layer.1." in name]
    assert set(network.state_dict()) == set(before)


def test_it_learns_with_averaged_weights_too(
    base: BaseEncoder, tiny_recipe: Recipe, toy_annotations: list[Annotation]
):
    recipe = dataclasses.replace(tiny_recipe, ema_decay=0.5, max_epochs=20, patience=20)
    tuner = FineTuner(recipe, base.encoder(64), "fp32")
    examples = make_examples(toy_annotations[:64], tuner.encoder)
    network = base.network(1)

    with frozen_lower_layers(network, 1, pad_id=base.pad_id):
        tuned = tuner.fine_tune(network, examples, examples)

    assert max(tuned.dev_average_precision) > 0.9


def test_a_text_that_spells_out_the_pad_token_is_not_cut(base: BaseEncoder, tuner: FineTuner):
    rows = [Annotation("the [PAD] peace must be", (), doc="a")]
    examples = make_examples(rows, tuner.encoder)
    network = base.network(1)
    whole = tuner.logits(network, examples)

    with frozen_lower_layers(network, 1, pad_id=base.pad_id):
        assert np.abs(tuner.logits(network, examples) - whole).max() < 0.05


def test_more_layers_than_there_are_cannot_be_frozen(base: BaseEncoder):
    with (
        pytest.raises(BaseModelError, match="2 layers"),
        frozen_lower_layers(base.network(1), 2, pad_id=base.pad_id),
    ):
        pass
