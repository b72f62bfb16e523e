"""Fine-tune for a fixed number of epochs, saving on the way: what takes hours is killed once."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import torch
from datasets import Dataset
from transformers import PreTrainedModel

from model.text.tokens import SentenceEncoder
from training.fit.examples import TrainingBatch, training_batches
from training.fit.fine_tune import FineTuner
from training.fit.optimizer import make_optimizer
from training.recipe import Recipe
from training.teacher.saved_fit import FitState

# A state of 109 M parameters is 1.3 GB and takes two seconds to write; 200 steps take minutes.
SAVED_EVERY = 200


def fit_resumably(
    tuner: FineTuner,
    network: PreTrainedModel,
    train: Dataset,
    folder: Path,
    *,
    on_step: Callable[[int], object] = lambda _: None,
) -> None:
    """Tune the network in place through every epoch of the recipe; take up a state in `folder`.

    A fit that was killed and taken up makes the same steps as one that was not: order and dropout
    depend on the recipe's seed and the number of the step alone. `on_step` gets the number of
    sentences of each step, those of earlier runs included.
    """
    recipe = tuner.recipe
    steps = math.ceil(len(train) / recipe.batch_sentences) * recipe.max_epochs
    state = FitState(network, *make_optimizer(network, recipe, steps))
    done = state.restore(folder)
    network.train()
    for step, batch in enumerate(_all_batches(train, tuner.encoder, recipe), 1):
        on_step(len(batch.weights))
        if step <= done:
            continue
        torch.manual_seed(recipe.seed * 1_000_003 + step)  # of dropout
        tuner.step(network, state.optimizer, batch)
        state.schedule.step()
        if step % SAVED_EVERY == 0 or step == steps:
            state.save(folder, step)
    network.eval()


def _all_batches(
    train: Dataset, encoder: SentenceEncoder, recipe: Recipe
) -> Iterator[TrainingBatch]:
    random = Random(recipe.seed)
    for _ in range(recipe.max_epochs):
        yield from training_batches(train, encoder, size=recipe.batch_sentences, random=random)
