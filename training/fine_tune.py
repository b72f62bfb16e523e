"""Examples and a network to a fine-tuned network: AdamW, early stopping, the best epoch kept."""

import copy
import math
import time
from collections.abc import Callable
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

from model.tokens import SentenceEncoder, TokenBatch
from training.examples import training_batches
from training.recipe import Recipe

_EVALUATION_TOKENS = 4096
_TIMED_STEPS = 3


@dataclass
class Tuned:
    """What a fine-tuning run found.

    Attributes:
        best_epoch: the epoch whose weights the network holds now, from 1.
        dev_average_precision: macro average precision on dev after each epoch.
    """

    best_epoch: int = 0
    dev_average_precision: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Trainer:
    """How networks are tuned: one recipe, one tokenising, one precision."""

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
    ) -> Tuned:
        """Tune the network in place and leave the best epoch's weights in it.

        `on_step` is told how many sentences each step saw; it is also told of those that early
        stopping spared, so that what it counts always ends at sentences x max_epochs.
        """
        recipe = self.recipe
        random = Random(recipe.seed)
        steps = math.ceil(len(train) / recipe.batch_sentences) * recipe.max_epochs
        optimizer, schedule = _optimizer(network, recipe, steps)
        tuned, best = Tuned(), copy.deepcopy(network.state_dict())
        for epoch in range(1, recipe.max_epochs + 1):
            network.train()
            for batch, labels in training_batches(
                train, self.encoder, size=recipe.batch_sentences, random=random
            ):
                self.step(network, optimizer, batch, labels)
                schedule.step()
                on_step(len(labels))
            score = macro_average_precision(self.logits(network, dev), _labels(dev))
            if score > max(tuned.dev_average_precision, default=-1.0):
                tuned.best_epoch, best = epoch, copy.deepcopy(network.state_dict())
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
        batch: TokenBatch,
        labels: NDArray[np.float32],
    ) -> float:
        """One optimiser step; returns the loss."""
        with _autocast(self.precision):
            logits = _forward(network, batch)
        loss = binary_cross_entropy_with_logits(logits.float(), torch.from_numpy(labels))
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        return float(loss.detach())

    def logits(self, network: PreTrainedModel, examples: Dataset) -> NDArray[np.float32]:
        """Logits of every example in its order, (sentences, stances), without dropout."""
        network.eval()
        ids: list[list[int]] = examples["input_ids"][:]
        answer = np.empty((len(ids), network.config.num_labels), np.float32)
        with torch.inference_mode(), _autocast(self.precision):
            for batch in self.encoder.batches(ids, token_budget=_EVALUATION_TOKENS):
                answer[batch.rows] = _forward(network, batch).float().numpy()
        return answer


def choose_precision(
    recipe: Recipe, network: PreTrainedModel, encoder: SentenceEncoder, examples: Dataset
) -> str:
    """The recipe's precision, or for "auto" the faster of bf16 and fp32 on this machine.

    CPUs without bf16 instructions are slower in bf16 (pytorch issue 118499), so it is measured.
    """
    if recipe.precision != "auto":
        return recipe.precision
    seconds = {}
    for precision in ("bf16", "fp32"):
        trainer, trial = Trainer(recipe, encoder, precision), copy.deepcopy(network)
        optimizer, _ = _optimizer(trial, recipe, _TIMED_STEPS)
        epoch = training_batches(examples, encoder, size=recipe.batch_sentences, random=Random(0))
        batches = list(islice(epoch, _TIMED_STEPS + 1))
        trainer.step(trial, optimizer, *batches[0])  # warms kernels and caches
        start = time.perf_counter()
        for batch in batches[1:]:
            trainer.step(trial, optimizer, *batch)
        seconds[precision] = time.perf_counter() - start
    return min(seconds, key=seconds.__getitem__)


def macro_average_precision(logits: NDArray[np.float32], gold: NDArray[np.float32]) -> float:
    """Average precision of each stance, averaged; free of any threshold."""
    return float(average_precision_score(gold, logits, average="macro"))


def _forward(network: PreTrainedModel, batch: TokenBatch) -> torch.Tensor:
    logits: torch.Tensor = network(
        input_ids=torch.from_numpy(batch.input_ids),
        attention_mask=torch.from_numpy(batch.attention_mask),
    ).logits
    return logits


def _labels(examples: Dataset) -> NDArray[np.float32]:
    return np.array(examples["labels"][:], np.float32)


def _autocast(precision: str) -> AbstractContextManager[None]:
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bf16")


def _optimizer(
    network: PreTrainedModel, recipe: Recipe, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    if recipe.freeze_word_embeddings:
        network.get_input_embeddings().requires_grad_(False)
    head = _head_parameters(network)
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for parameter in network.parameters():
        if parameter.requires_grad:
            rate = recipe.head_learning_rate if id(parameter) in head else recipe.learning_rate
            # biases and layer norms are vectors; shrinking them towards zero has no point
            decay = recipe.weight_decay if parameter.ndim > 1 else 0.0
            groups.setdefault((rate, decay), []).append(parameter)
    optimizer = torch.optim.AdamW(
        [{"params": p, "lr": rate, "weight_decay": decay} for (rate, decay), p in groups.items()]
    )
    warmup = max(1, round(steps * recipe.warmup_share))

    def factor(step: int) -> float:
        return min((step + 1) / warmup, max(0.0, (steps - step) / max(1, steps - warmup)))

    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


def _head_parameters(network: PreTrainedModel) -> set[int]:
    """Identities of the parameters that pretraining left untrained: classifier and pooler.

    all-MiniLM was trained for mean pooling, its pooler never. At the body's learning rate the
    pooler stalls the first four epochs (dev average precision 0.80 after eight, against 0.88).
    """
    pooler = getattr(network.base_model, "pooler", None)
    pooler_parameters = pooler.parameters() if pooler is not None else ()
    body = {id(parameter) for parameter in network.base_model.parameters()}
    body -= {id(parameter) for parameter in pooler_parameters}
    return {id(parameter) for parameter in network.parameters()} - body
