"""What the folds' networks say to softer labels for the final fit, of labelled and other texts.

A network that did not see a sentence answers for it, so its doubt is honest: mixing it in takes
weight from labels that nothing else in the data supports. Unlabelled texts get the mean answer of
all folds (knowledge distillation: Hinton and others, "Distilling the knowledge in a neural
network", 2015; self-training: Xie and others, "Self-training with noisy student", 2020).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from datasets import Dataset, concatenate_datasets
from numpy.typing import NDArray

from model.text.tokens import SentenceEncoder

Probabilities = NDArray[np.float64]


@dataclass(frozen=True)
class SoftAnswers:
    """Calibrated probabilities, (sentences, stances), of labelled and of unlabelled texts."""

    labelled: Probabilities
    unlabelled: Probabilities


def fitting_texts(texts: Sequence[str], encoder: SentenceEncoder) -> list[str]:
    """The texts that fit one window; a longer one could not be given one answer."""
    counts = encoder.encode(list(texts)).counts
    return [text for text, count in zip(texts, counts, strict=True) if count == 1]


def unlabelled_examples(
    texts: Sequence[str], encoder: SentenceEncoder, *, weight: float = 1.0
) -> Dataset:
    """A data set of texts that wait for labels; each text fits one window."""
    ids = encoder.encode(list(texts)).ids
    return Dataset.from_dict({"input_ids": ids, "weight": [weight] * len(ids)})


def distil(train: Dataset, unlabelled: Dataset, soft: SoftAnswers, *, soft_share: float) -> Dataset:
    """Labelled rows with `soft_share` of the answers in their labels, then the unlabelled rows."""
    gold = np.array(train["labels"][:], np.float64)
    mixed = (1 - soft_share) * gold + soft_share * soft.labelled
    softened = train.remove_columns("labels").add_column("labels", mixed.tolist())
    if not len(unlabelled):
        return softened
    more = unlabelled.add_column("labels", soft.unlabelled.tolist())
    return concatenate_datasets([softened, more])
