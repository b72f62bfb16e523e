"""Examples and a network to a fine-tuned network: AdamW, early stopping, the best epoch kept."""

import copy
import math
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import islice
from random import Random

import numpy as np
import torch
from datasets import Dataset
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score
from torch.nn.functional import binary_cross_entropy_with_logits
from transformers import PreTrainedModel

from model.text.tokens import SentenceEncoder, TokenBatch
from training.fit.examples import TrainingBatch, training_batches
from training.fit.optimizer import make_optimizer, moving_average
from training.recipe import Recipe

_EVALUATION_TOKENS = 4096
_TIMED_STEPS = 5
_PRECISIONS = ("bf16", "fp32")


@dataclass
class FineTuneResult:
    """The outcome of one fine-tuning run.

    Attributes:
        best_epoch: the epoch, from 1, whose weights the network has now.
        dev_average_precision: macro average precision on dev after each epoch.
    """

    best_epoch: int = 0
    dev_average_precision: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class FineTuner:
    """Fine-tunes networks with one recipe, one tokeniser and one precision."""

    recipe: Recipe
    encoder: SentenceEncoder
    precision: str

    def fine_tune(
        self,
        network: PreTrainedModel,
        train: Dataset,
        dev: Dataset,
        *,
        on_step: Callable[[int], None] = lambda _: None,
    ) -> FineTuneResult:
        """Tune the network in place and leave the best epoch's weights in it.

        `on_step` gets the number of sentences of each optimiser step, and at an early stop the
        number of those left, so that its total is always sentences x max_epochs.
        """
        recipe = self.recipe
        random = Random(recipe.seed)
        steps = math.ceil(len(train) / recipe.batch_sentences) * recipe.max_epochs
        optimizer, schedule = make_optimizer(network, recipe, steps)
        tuned, best = FineTuneResult(), copy.deepcopy(network.state_dict())
        average = moving_average(network, recipe.ema_decay) if recipe.ema_decay else None
        for epoch in range(1, recipe.max_epochs + 1):
            network.train()
            for batch in training_batches(
                train, self.encoder, size=recipe.batch_sentences, random=random
            ):
                self.step(network, optimizer, batch)
                schedule.step()
                if average:
                    average.update_parameters(network)
                on_step(len(batch.weights))
            candidate = average.module if average else network
            score = macro_average_precision(self.logits(candidate, dev), _labels(dev))
            if score > max(tuned.dev_average_precision, default=-1.0):
                tuned.best_epoch, best = epoch, copy.deepcopy(candidate.state_dict())
            tuned.dev_average_precision.append(score)
            if epoch - tuned.best_epoch >= recipe.patience:
                on_step(len(train) * (recipe.max_epochs - epoch))
                break
        network.load_state_dict(best)
        network.eval()
        return tuned

    def step(
        self,
        network: PreTrainedModel,
        optimizer: torch.optim.Optimizer,
        batch: TrainingBatch,
    ) -> float:
        """Make one optimiser step on a batch; return the loss."""
        device = network.device
        with _autocast(self.precision, device):
            logits = _forward(network, batch.windows)
        loss = binary_cross_entropy_with_logits(
            logits.float(),
            torch.from_numpy(batch.labels).to(device),
            weight=torch.from_numpy(batch.weights)[:, None].to(device),
        )
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        return float(loss.detach())

    def logits(self, network: PreTrainedModel, examples: Dataset) -> NDArray[np.float32]:
        """Compute logits of the examples, (sentences, stances), in their order, without dropout."""
        return self.logits_of_windows(network, examples["input_ids"][:])

    def logits_of_windows(
        self, network: PreTrainedModel, ids: Sequence[list[int]]
    ) -> NDArray[np.float32]:
        """Compute logits of windows of token ids, (windows, stances), without dropout."""
        network.eval()
        logits = np.empty((len(ids), network.config.num_labels), np.float32)
        with torch.inference_mode(), _autocast(self.precision, network.device):
            for batch in self.encoder.batches(ids, token_budget=_EVALUATION_TOKENS):
                logits[batch.rows] = _forward(network, batch).float().cpu().numpy()
        return logits


def choose_precision(
    recipe: Recipe,
    network: PreTrainedModel,
    encoder: SentenceEncoder,
    examples: Dataset,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> str:
    """Return the recipe's precision, or for "auto" the faster of bf16 and fp32 on this machine.

    CPUs without bf16 instructions are slower in bf16 (pytorch issue 118499), so it is measured.
    """
    if recipe.precision != "auto":
        return recipe.precision
    epoch = training_batches(examples, encoder, size=recipe.batch_sentences, random=Random(0))
    warming, *timed = list(islice(epoch, _TIMED_STEPS + 1))
    steps = {precision: _trial(recipe, network, encoder, precision) for precision in _PRECISIONS}
    for step in steps.values():
        step(warming)  # kernels and caches
    # in turns, and the best of each, so that another process slows both or neither
    turns = [{p: _seconds(steps[p], batch, clock) for p in _PRECISIONS} for batch in timed]
    seconds = {p: min(turn[p] for turn in turns) for p in _PRECISIONS}
    return min(seconds, key=seconds.__getitem__)


def _trial(
    recipe: Recipe, network: PreTrainedModel, encoder: SentenceEncoder, precision: str
) -> Callable[[TrainingBatch], float]:
    tuner, trial = FineTuner(recipe, encoder, precision), copy.deepcopy(network)
    optimizer, _ = make_optimizer(trial, recipe, _TIMED_STEPS)
    return lambda batch: tuner.step(trial, optimizer, batch)


def _seconds(
    step: Callable[[TrainingBatch], float], batch: TrainingBatch, clock: Callable[[], float]
) -> float:
    start = clock()
    step(batch)
    return clock() - start


def macro_average_precision(logits: NDArray[np.float32], gold: NDArray[np.float32]) -> float:
    """Average the average precision of each stance; needs no threshold."""
    return float(average_precision_score(gold, logits, average="macro"))


def _forward(network: PreTrainedModel, batch: TokenBatch) -> torch.Tensor:
    logits: torch.Tensor = network(
        input_ids=torch.from_numpy(batch.input_ids).to(network.device),
        attention_mask=torch.from_numpy(batch.attention_mask).to(network.device),
    ).logits
    return logits


def _labels(examples: Dataset) -> NDArray[np.float32]:
    return np.array(examples["labels"][:], np.float32)


def _autocast(precision: str, device: torch.device) -> AbstractContextManager[None]:
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision == "bf16")
