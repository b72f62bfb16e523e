"""The training loop on a tiny network: it learns, stops early, and is repeatable."""

import copy
import dataclasses
from random import Random

import numpy as np
import pytest
import torch
from transformers import PreTrainedModel

from data.annotation.annotation import Annotation
from model.errors import InvalidData
from model.stance import STANCES, Stance
from model.text.tokens import SentenceEncoder
from tests.fakes import ManualClock
from training.fit.examples import make_examples, multi_hot, training_batches
from training.fit.fine_tune import FineTuner, choose_precision, macro_average_precision
from training.fit.network import BaseEncoder, open_base_encoder
from training.recipe import Recipe


@pytest.fixture(scope="module")
def base(tiny_recipe: Recipe) -> BaseEncoder:
    return open_base_encoder(tiny_recipe.base_model)


@pytest.fixture(scope="module")
def encoder(base: BaseEncoder) -> SentenceEncoder:
    return base.encoder(64)


def test_overfits_a_handful_of_sentences(
    base: BaseEncoder,
    encoder: SentenceEncoder,
    tiny_recipe: Recipe,
    toy_annotations: list[Annotation],
):
    few = toy_annotations[:16]
    recipe = dataclasses.replace(tiny_recipe, max_epochs=40, patience=40)
    network, examples = base.network(1), make_examples(few, encoder)
    tuner = FineTuner(recipe, encoder, "fp32")

    tuner.fine_tune(network, examples, examples)

    assert macro_average_precision(tuner.logits(network, examples), multi_hot(few)) == 1.0


def weights(network: PreTrainedModel) -> dict[str, torch.Tensor]:
    return copy.deepcopy(network.state_dict())


def test_the_best_epochs_weights_are_kept_where_later_epochs_are_worse(
    base: BaseEncoder,
    encoder: SentenceEncoder,
    tiny_recipe: Recipe,
    toy_annotations: list[Annotation],
):
    flipped = [
        dataclasses.replace(each, labels=tuple(s for s in STANCES if s not in each.labels))
        for each in toy_annotations[64:128]
    ]
    train, dev = make_examples(toy_annotations[:64], encoder), make_examples(flipped, encoder)
    network, after_step = base.network(1), list[dict[str, torch.Tensor]]()

    tuned = FineTuner(tiny_recipe, encoder, "fp32").fine_tune(
        network,
        train,
        dev,
        on_step=lambda _: after_step.append(weights(network)),
    )

    steps = 64 // tiny_recipe.batch_sentences
    after_epoch = after_step[steps - 1 :: steps]
    assert tuned.best_epoch < len(tuned.dev_average_precision) == len(after_epoch)
    best, last = after_epoch[tuned.best_epoch - 1], after_epoch[-1]
    kept = network.state_dict()
    assert all(torch.equal(value, best[name]) for name, value in kept.items())
    assert not torch.equal(kept["classifier.weight"], last["classifier.weight"])


def test_training_stops_early_and_progress_still_ends_at_the_plan(
    base: BaseEncoder,
    encoder: SentenceEncoder,
    tiny_recipe: Recipe,
    toy_annotations: list[Annotation],
):
    train = make_examples(toy_annotations[:64], encoder)
    dev = make_examples(toy_annotations[64:128], encoder)
    recipe = dataclasses.replace(
        tiny_recipe, max_epochs=6, patience=1, learning_rate=0.0, head_learning_rate=0.0
    )
    network, seen = base.network(1), list[int]()
    before = weights(network)

    tuned = FineTuner(recipe, encoder, "fp32").fine_tune(network, train, dev, on_step=seen.append)

    # a network that cannot learn is best after its first epoch and stops after the next
    assert tuned.best_epoch == 1
    assert len(tuned.dev_average_precision) == 2
    assert sum(seen) == 6 * 64
    assert all(torch.equal(value, before[name]) for name, value in weights(network).items())


def test_the_same_seed_gives_the_same_network(
    base: BaseEncoder,
    encoder: SentenceEncoder,
    tiny_recipe: Recipe,
    toy_annotations: list[Annotation],
):
    examples = make_examples(toy_annotations[:48], encoder)
    tuner = FineTuner(tiny_recipe, encoder, "fp32")
    logits = []
    for _ in range(2):
        network = base.network(5)
        tuner.fine_tune(network, examples, examples)
        logits.append(tuner.logits(network, examples))

    assert np.array_equal(logits[0], logits[1])


def test_word_embeddings_stay_frozen_and_the_body_moves(
    base: BaseEncoder,
    encoder: SentenceEncoder,
    tiny_recipe: Recipe,
    toy_annotations: list[Annotation],
):
    examples = make_examples(toy_annotations[:48], encoder)
    network = base.network(1)
    words = network.get_input_embeddings().weight.clone()
    layer = network.bert.encoder.layer[0].output.dense.weight.clone()

    FineTuner(tiny_recipe, encoder, "fp32").fine_tune(network, examples, examples)

    assert torch.equal(network.get_input_embeddings().weight, words)
    assert not torch.equal(network.bert.encoder.layer[0].output.dense.weight, layer)


def test_an_epoch_holds_every_sentence_once_with_its_labels(
    encoder: SentenceEncoder, toy_annotations: list[Annotation]
):
    examples = make_examples(toy_annotations[:100], encoder)
    rows = zip(examples["input_ids"][:], examples["labels"][:], strict=True)
    expected = sorted((tuple(ids), tuple(labels)) for ids, labels in rows)

    seen = [
        (tuple(ids[mask > 0].tolist()), tuple(map(float, y)))
        for batch in training_batches(examples, encoder, size=8, random=Random(0))
        for ids, mask, y in zip(
            batch.windows.input_ids, batch.windows.attention_mask, batch.labels, strict=True
        )
    ]

    assert sorted(seen) == expected


def test_a_sentence_over_the_window_is_refused_not_cut(encoder: SentenceEncoder):
    long = Annotation(" ".join(["peace"] * 70), (Stance.DEMAND,), id="d1-00")

    with pytest.raises(InvalidData, match="64 tokens"):
        make_examples([long], encoder)


def test_a_sentence_of_no_weight_moves_nothing(
    base: BaseEncoder,
    encoder: SentenceEncoder,
    tiny_recipe: Recipe,
    toy_annotations: list[Annotation],
):
    hard = [dataclasses.replace(each, hard=True) for each in toy_annotations[:32]]
    recipe = dataclasses.replace(tiny_recipe, weight_decay=0.0)
    network = base.network(1)
    before = network.classifier.weight.clone()

    examples = make_examples(hard, encoder, hard_weight=0.0)
    FineTuner(recipe, encoder, "fp32").fine_tune(network, examples, examples)

    assert torch.equal(network.classifier.weight, before)


def test_averaged_weights_are_the_ones_kept(
    base: BaseEncoder,
    encoder: SentenceEncoder,
    tiny_recipe: Recipe,
    toy_annotations: list[Annotation],
):
    examples = make_examples(toy_annotations[:48], encoder)
    heads = []
    for decay in (0.0, 0.9, 1.0):
        network = base.network(1)
        recipe = dataclasses.replace(tiny_recipe, ema_decay=decay, max_epochs=1)
        FineTuner(recipe, encoder, "fp32").fine_tune(network, examples, examples)
        heads.append(network.classifier.weight.detach().clone())
    start = base.network(1).classifier.weight.detach()

    # a decay of 1 keeps what the first step gave; 0.9 lies between that and the last step
    distance = [float((head - start).norm()) for head in heads]
    assert distance[2] < distance[1] < distance[0]


@pytest.mark.parametrize("faster", ["bf16", "fp32"])
def test_the_faster_precision_is_taken_unless_the_recipe_decides(
    base: BaseEncoder,
    encoder: SentenceEncoder,
    tiny_recipe: Recipe,
    toy_annotations: list[Annotation],
    monkeypatch: pytest.MonkeyPatch,
    faster: str,
):
    clock, examples = ManualClock(), make_examples(toy_annotations[:64], encoder)
    seconds = {"bf16": 2.0, "fp32": 2.0, faster: 1.0}

    def step(tuner: FineTuner, *_: object) -> float:
        clock.advance(seconds[tuner.precision])
        return 0.0

    monkeypatch.setattr(FineTuner, "step", step)
    automatic = dataclasses.replace(tiny_recipe, precision="auto")

    for recipe, expected in ((automatic, faster), (tiny_recipe, "fp32")):
        network = base.network(1)
        assert choose_precision(recipe, network, encoder, examples, clock=clock) == expected
