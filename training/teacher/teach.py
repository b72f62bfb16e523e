"""Labelled and unlabelled sentences to soft labels, by networks that were not fitted on them.

Cross-fitting: a network a fold is fitted on the documents of the other folds and answers for its
own, so that a label that nothing else supports is doubted and not learnt by heart. An unlabelled
text is nobody's to remember: the network of the fold that its hash names answers it, which costs a
third of asking all three.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from data.annotation.annotation import Annotation
from data.annotation.split import bucket
from model.command_line import Say
from model.decide.calibration import probabilities
from model.stance import STANCES
from training.fit.calibrate import calibrate
from training.fit.cross_fit import make_folds
from training.fit.examples import make_examples, multi_hot, representative
from training.fit.fine_tune import FineTuner
from training.fit.network import BaseEncoder, set_dropout
from training.fit.soft_labels import write_soft_labels
from training.measure.evaluate import Predictions, macro_f1
from training.teacher.resumable_fit import fit_resumably
from training.teacher.saved_logits import logits_resumably

Logits = NDArray[np.float32]


@dataclass(frozen=True)
class TeachingData:
    """What a teacher is fitted on, and more texts for it to answer."""

    labelled: Sequence[Annotation]
    unlabelled: Sequence[str]

    def fingerprint(self, base: BaseEncoder, tuner: FineTuner) -> str:
        """Name everything that the answers depend on, in twelve hexadecimal digits."""
        run = f"{base.name} {base.sha256} {tuner.recipe} {tuner.precision}"
        digest = hashlib.sha256(run.encode())
        for each in self.labelled:
            digest.update(f"{each.text}\0{each.group}\0{each.labels}\0{each.hard}\n".encode())
        for text in self.unlabelled:
            digest.update(f"{text}\n".encode())
        return digest.hexdigest()[:12]


def teach(
    base: BaseEncoder, tuner: FineTuner, data: TeachingData, work: Path, to: Path, *, say: Say
) -> float:
    """Write soft labels of all texts to `to`; return the held-out macro-F1 of the labelled ones.

    What is done is kept under `work`, in a folder of its own for each recipe and data: the same
    call goes on where one before was killed.

    Raises:
        NotEnoughData: too few documents for the folds, or nothing was learnt that generalises.
    """
    folder = work / data.fingerprint(base, tuner)
    say(f"{len(data.labelled):,} labelled and {len(data.unlabelled):,} unlabelled, in {folder}")
    labelled, unlabelled = _cross_fitted(base, tuner, data, folder)
    drawn = representative(data.labelled)
    gold = multi_hot(data.labelled)
    fitted = calibrate(labelled[drawn], gold[drawn])
    texts = [*(each.text for each in data.labelled), *data.unlabelled]
    answers = probabilities(np.concatenate([labelled, unlabelled]), fitted.calibration)
    write_soft_labels(to, texts, answers)
    held_out = answers[: len(gold)]
    assigned = held_out >= [each.threshold for each in fitted.decisions]
    return macro_f1(Predictions.of(held_out, assigned, data.labelled))


def _cross_fitted(
    base: BaseEncoder, tuner: FineTuner, data: TeachingData, folder: Path
) -> tuple[Logits, Logits]:
    recipe = tuner.recipe
    folds = make_folds(data.labelled, recipe.folds)
    numbers = np.array([_fold_of_text(text, recipe.folds) for text in data.unlabelled], np.int64)
    labelled = np.zeros((len(data.labelled), len(STANCES)), np.float32)
    unlabelled = np.zeros((len(data.unlabelled), len(STANCES)), np.float32)
    steps = sum(len(fold.rows) for fold in folds) * recipe.max_epochs
    total = steps + len(labelled) + len(unlabelled)
    with tqdm(total=total, unit=" sentences", unit_scale=True, mininterval=5) as bar:
        for k, fold in enumerate(folds):
            bar.set_description(f"fold {k + 1}/{len(folds)}")
            own = np.flatnonzero(numbers == k)
            rows = [data.labelled[row] for row in fold.rows]
            texts = [data.labelled[row].text for row in fold.held_out]
            texts += [data.unlabelled[row] for row in own.tolist()]
            answers = _answers(base, tuner, rows, texts, folder / f"fold-{k}", bar.update)
            labelled[fold.held_out] = answers[: len(fold.held_out)]
            unlabelled[own] = answers[len(fold.held_out) :]
    return labelled, unlabelled


def _answers(
    base: BaseEncoder,
    tuner: FineTuner,
    rows: Sequence[Annotation],
    texts: Sequence[str],
    folder: Path,
    on_step: Callable[[int], object],
) -> Logits:
    """Fit one network on `rows`, and compute its logits of `texts`."""
    recipe = tuner.recipe
    examples = make_examples(rows, tuner.encoder, hard_weight=recipe.hard_weight)
    network = base.network(recipe.seed)
    set_dropout(network, recipe.dropout)
    network.to("cuda" if torch.cuda.is_available() else "cpu")
    fit_resumably(tuner, network, examples, folder, on_step=on_step)
    return logits_resumably(tuner, network, texts, folder / "logits", on_texts=on_step)


def _fold_of_text(text: str, folds: int) -> int:
    return bucket(text, salt="teacher", buckets=folds)
