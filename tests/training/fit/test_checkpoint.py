"""The trainable checkpoint: small, and the network again."""

import dataclasses
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from data.annotation.annotation import Annotation
from model.artifact.folder import Artifact
from model.errors import ArtifactCorrupt
from training.fit.checkpoint import load_checkpoint, save_checkpoint
from training.fit.examples import make_examples
from training.fit.fine_tune import FineTuner
from training.fit.network import BaseEncoder, open_base_encoder
from training.recipe import Recipe


@pytest.fixture(scope="module")
def base(tiny_recipe: Recipe) -> BaseEncoder:
    return open_base_encoder(tiny_recipe.base_model)


def test_the_network_comes_back_to_a_thousandth(
    base: BaseEncoder, tiny_recipe: Recipe, toy_annotations: list[Annotation], tmp_path: Path
):
    encoder = base.encoder(64)
    examples = make_examples(toy_annotations[:64], encoder)
    tuner, network = FineTuner(tiny_recipe, encoder, "fp32"), base.network(3)
    tuner.fine_tune(network, examples, examples)

    save_checkpoint(tmp_path / "c.safetensors", network, base)
    again = load_checkpoint(tmp_path / "c.safetensors", base)

    one, other = (torch.sigmoid(torch.tensor(tuner.logits(n, examples))) for n in (network, again))
    assert float((one - other).abs().max()) < 1e-3


def test_frozen_embeddings_are_not_stored_twice(tiny_artifact: Artifact):
    kept = load_file(tiny_artifact.folder / "checkpoint.safetensors")

    assert not [name for name in kept if "word_embeddings" in name]
    assert {value.dtype for value in kept.values()} == {torch.float16}


def test_a_checkpoint_of_another_architecture_is_refused(base: BaseEncoder, tmp_path: Path):
    save_file({"decoder.weight": torch.zeros(2)}, tmp_path / "c.safetensors")

    with pytest.raises(ArtifactCorrupt, match=r"decoder\.weight"):
        load_checkpoint(tmp_path / "c.safetensors", base)


def test_unfrozen_embeddings_travel(
    base: BaseEncoder, tiny_recipe: Recipe, toy_annotations: list[Annotation], tmp_path: Path
):
    encoder, network = base.encoder(64), base.network(3)
    recipe = dataclasses.replace(tiny_recipe, freeze_word_embeddings=False, max_epochs=1)
    examples = make_examples(toy_annotations[:32], encoder)
    FineTuner(recipe, encoder, "fp32").fine_tune(network, examples, examples)

    save_checkpoint(tmp_path / "c.safetensors", network, base)

    again = load_checkpoint(tmp_path / "c.safetensors", base)
    one, other = (n.get_input_embeddings().weight for n in (network, again))
    assert torch.allclose(one, other, atol=1e-3)
