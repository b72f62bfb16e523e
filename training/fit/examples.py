"""Annotations to training examples, tokenised by the same code as in serving."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from datasets import Dataset, concatenate_datasets
from numpy.typing import NDArray

from data.annotation.annotation import Annotation
from data.annotation.split import Split
from model.errors import Fault, InvalidData
from model.stance import STANCES
from model.text.tokens import SentenceEncoder, TokenBatch
from training.recipe import Recipe

# Sentences are sorted by length within this many shuffled batches' worth of them.
_MIXED_BATCHES = 16


@dataclass(frozen=True)
class TrainingBatch:
    """Windows with their labels, (windows, stances) from 0 to 1, and loss weights, (windows,)."""

    windows: TokenBatch
    labels: NDArray[np.float32]
    weights: NDArray[np.float32]


def multi_hot(annotations: Sequence[Annotation]) -> NDArray[np.float32]:
    """Return gold labels, (sentences, stances), 1.0 where the stance holds."""
    rows = [[float(stance in each.labels) for stance in STANCES] for each in annotations]
    return np.array(rows, np.float32).reshape(-1, len(STANCES))


def make_examples(
    annotations: Sequence[Annotation],
    encoder: SentenceEncoder,
    *,
    weight: float = 1.0,
    hard_weight: float = 1.0,
) -> Dataset:
    """Make a data set of `input_ids`, multi-hot `labels` and loss `weight`, one row a sentence.

    A sentence marked hard has the loss weight `weight` x `hard_weight`.

    Raises:
        InvalidData: a sentence is longer than the window; its labels cannot be given to a part.
    """
    windows = encoder.encode([annotation.text for annotation in annotations])
    too_long = [
        Fault(
            each.id or "sentence",
            i,
            "text",
            "too_long",
            repr(each.text[:60]),
            f"at most {encoder.max_window} tokens: split it, or raise max_window in the recipe",
        )
        for i, (each, count) in enumerate(zip(annotations, windows.counts, strict=True), 1)
        if count > 1
    ]
    if too_long:
        raise InvalidData(too_long)
    return Dataset.from_dict(
        {
            "input_ids": windows.ids,
            "labels": multi_hot(annotations).tolist(),
            "weight": [weight * (hard_weight if each.hard else 1.0) for each in annotations],
        }
    )


def fitted_examples(split: Split, encoder: SentenceEncoder, recipe: Recipe) -> Dataset:
    """Make the examples of `split.fitted`, in its order, weighted as the recipe says."""
    hard = recipe.hard_weight
    parts = [make_examples(split.train, encoder, hard_weight=hard)]
    if split.extra:
        parts.append(
            make_examples(split.extra, encoder, weight=recipe.extra_weight, hard_weight=hard)
        )
    return concatenate_datasets(parts)


def training_batches(
    examples: Dataset, encoder: SentenceEncoder, *, size: int, random: Random
) -> Iterator[TrainingBatch]:
    """Yield one epoch in random order, in batches of sentences of similar length."""
    ids: list[list[int]] = examples["input_ids"][:]
    labels = np.array(examples["labels"][:], np.float32)
    weights = np.array(examples["weight"][:], np.float32)
    order = list(range(len(ids)))
    random.shuffle(order)
    chunk = size * _MIXED_BATCHES
    batches: list[list[int]] = []
    for start in range(0, len(order), chunk):
        mixed = sorted(order[start : start + chunk], key=lambda row: len(ids[row]))
        batches += [mixed[i : i + size] for i in range(0, len(mixed), size)]
    random.shuffle(batches)
    for rows in batches:
        yield TrainingBatch(encoder.pad(ids, rows), labels[rows], weights[rows])


def representative(annotations: Sequence[Annotation]) -> list[int]:
    """Return the rows drawn at random: on those picked for being doubtful a model looks too bad."""
    return [i for i, each in enumerate(annotations) if each.extra.get("draw") != "weighted"]
