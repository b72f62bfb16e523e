"""Folds of documents, and the answers of networks for the folds that they did not see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from datasets import Dataset
from numpy.typing import NDArray
from transformers import PreTrainedModel

from data.annotation.annotation import Annotation
from data.annotation.split import fold_of
from model.errors import NotEnoughData
from model.stance import STANCES
from training.fit.fine_tune import Trainer, Tuned

Fit = Callable[[str, Dataset], tuple[PreTrainedModel, Tuned]]  # of a name and its examples


@dataclass(frozen=True)
class Fold:
    """Rows of the train part that one network is fitted on, and those it is tried on."""

    rows: list[int]
    held_out: list[int]


@dataclass(frozen=True)
class Answers:
    """Logits, (sentences, stances), of networks for sentences they were not fitted on.

    Attributes:
        held_out: of every row of the train part, by the network of its fold.
        unlabelled: of every unlabelled row, the mean of all networks.
    """

    held_out: NDArray[np.float32]
    unlabelled: NDArray[np.float32]
    tuned: list[Tuned]


def make_folds(annotations: Sequence[Annotation], folds: int) -> list[Fold]:
    """Divide annotations into folds by document; 0 folds are none.

    Raises:
        NotEnoughData: a fold is empty.
    """
    if folds == 0:
        return []
    numbers = np.array([fold_of(each.group, folds=folds) for each in annotations])
    made = [
        Fold(np.flatnonzero(numbers != k).tolist(), np.flatnonzero(numbers == k).tolist())
        for k in range(folds)
    ]
    if any(not fold.rows or not fold.held_out for fold in made):
        raise NotEnoughData(f"too few documents for {folds} held-out folds; annotate more of them")
    return made


def cross_fit(
    trainer: Trainer, fit: Fit, folds: Sequence[Fold], train: Dataset, unlabelled: Dataset
) -> Answers:
    """Fit one network a fold and let it answer."""
    held_out = np.zeros((len(train), len(STANCES)), np.float32)
    mean = np.zeros((len(unlabelled), len(STANCES)), np.float32)
    tuned = []
    for k, fold in enumerate(folds, 1):
        network, each = fit(f"fold {k}/{len(folds)}", train.select(fold.rows))
        held_out[fold.held_out] = trainer.logits(network, train.select(fold.held_out))
        if len(unlabelled):
            mean += trainer.logits(network, unlabelled) / len(folds)
        tuned.append(each)
    return Answers(held_out, mean, tuned)
