"""Soft labels for the final fit: of labelled sentences, mixed with their labels, and of others.

The probabilities come from a teacher or from the folds' networks, which did not see the sentence,
so their doubt is honest: mixing them in takes weight from labels that nothing else in the data
supports. Unlabelled texts get the mean of all folds (knowledge distillation: Hinton and others,
"Distilling the knowledge in a neural network", 2015; self-training: Xie and others, "Self-training
with noisy student", 2020).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from datasets import Dataset, concatenate_datasets

from model.text.tokens import SentenceEncoder
from training.fit.soft_labels import Probabilities, SoftLabels


@dataclass(frozen=True)
class SoftTargets:
    """Calibrated probabilities, (sentences, stances), of labelled and of unlabelled texts."""

    labelled: Probabilities
    unlabelled: Probabilities


def usable_texts(
    texts: Sequence[str], teacher: SoftLabels | None, encoder: SentenceEncoder
) -> list[str]:
    """Keep the unlabelled texts that the teacher knows, if there is one, and that fit one window.

    A longer text could not be given one soft label.
    """
    known = teacher.known(texts) if teacher else list(texts)
    counts = encoder.encode(known).counts
    return [text for text, count in zip(known, counts, strict=True) if count == 1]


def unlabelled_examples(
    texts: Sequence[str], encoder: SentenceEncoder, *, weight: float = 1.0
) -> Dataset:
    """Make a data set of texts that still need labels; each text must fit one window."""
    ids = encoder.encode(list(texts)).ids
    return Dataset.from_dict({"input_ids": ids, "weight": [weight] * len(ids)})


def distil(train: Dataset, unlabelled: Dataset, soft: SoftTargets, *, soft_share: float) -> Dataset:
    """Mix soft targets into the labels, and add the unlabelled rows with their soft targets.

    A labelled row gets (1 - `soft_share`) x its label + `soft_share` x its soft target.
    """
    gold = np.array(train["labels"][:], np.float64)
    mixed = (1 - soft_share) * gold + soft_share * soft.labelled
    softened = train.remove_columns("labels").add_column("labels", mixed.tolist())
    if not len(unlabelled):
        return softened
    more = unlabelled.add_column("labels", soft.unlabelled.tolist())
    return concatenate_datasets([softened, more])
