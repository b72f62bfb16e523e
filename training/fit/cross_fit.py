"""Cross-fitting: folds of documents, and each fold's logits by a network that did not see it."""

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
from training.fit.fine_tune import FineTuner, FineTuneResult

# a name for the progress bar and the examples, to a network fitted on them
Fit = Callable[[str, Dataset], tuple[PreTrainedModel, FineTuneResult]]


@dataclass(frozen=True)
class Fold:
    """Rows of the train part that one network is fitted on, and the rows held out from it."""

    rows: list[int]
    held_out: list[int]


@dataclass(frozen=True)
class HeldOutLogits:
    """Logits, (sentences, stances), of networks for sentences they were not fitted on.

    Attributes:
        labelled: of every row of the train part, by the network of its fold.
        unlabelled: of every unlabelled row, the mean of all networks.
        tuned: what fine-tuning found, one a fold.
    """

    labelled: NDArray[np.float32]
    unlabelled: NDArray[np.float32]
    tuned: list[FineTuneResult]


def make_folds(annotations: Sequence[Annotation], folds: int) -> list[Fold]:
    """Divide annotations into folds by document; return none for 0 folds.

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
    tuner: FineTuner, fit: Fit, folds: Sequence[Fold], train: Dataset, unlabelled: Dataset
) -> HeldOutLogits:
    """Fit one network a fold and compute its logits for what was held out from it."""
    labelled = np.zeros((len(train), len(STANCES)), np.float32)
    mean = np.zeros((len(unlabelled), len(STANCES)), np.float32)
    tuned = []
    for k, fold in enumerate(folds, 1):
        network, result = fit(f"fold {k}/{len(folds)}", train.select(fold.rows))
        labelled[fold.held_out] = tuner.logits(network, train.select(fold.held_out))
        if len(unlabelled):
            mean += tuner.logits(network, unlabelled) / len(folds)
        tuned.append(result)
    return HeldOutLogits(labelled, mean, tuned)
