"""A split to a fine-tuned and calibrated network: the folds, their soft labels, the final fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from datasets import Dataset
from tqdm import tqdm
from transformers import PreTrainedModel

from data.annotation.split import Split
from model.artifact.folder import CHECKPOINT, open_artifact
from model.decide.calibration import probabilities
from model.stance import STANCES
from training.fit.calibrate import FittedCalibration, calibrate
from training.fit.checkpoint import load_checkpoint
from training.fit.cross_fit import HeldOutLogits, cross_fit, make_folds
from training.fit.distil import SoftTargets, distil, unlabelled_examples
from training.fit.examples import fitted_examples, make_examples, multi_hot, representative
from training.fit.fine_tune import FineTuner, FineTuneResult, choose_precision
from training.fit.frozen_layers import frozen_lower_layers
from training.fit.network import BaseEncoder, set_dropout
from training.fit.soft_labels import SoftLabels
from training.recipe import BASE, Recipe


@dataclass(frozen=True)
class FittedNetwork:
    """A fine-tuned network with its calibration.

    Attributes:
        best_epochs: the epoch that was kept, from 1, of each fold and last of the final fit.
    """

    network: PreTrainedModel
    calibration: FittedCalibration
    best_epochs: list[int]


def make_fine_tuner(base: BaseEncoder, split: Split, recipe: Recipe) -> FineTuner:
    """Return what tunes every network of a run, in the precision that is faster on this machine."""
    encoder = base.encoder(recipe.max_window)
    sample = make_examples(split.fitted[: 8 * recipe.batch_sentences], encoder)
    precision = choose_precision(recipe, base.network(recipe.seed), encoder, sample)
    return FineTuner(recipe, encoder, precision)


def fit_and_calibrate(
    base: BaseEncoder,
    tuner: FineTuner,
    split: Split,
    unlabelled: Sequence[str],
    teacher: SoftLabels | None = None,
) -> FittedNetwork:
    """Fit one network a fold, then the final one on everything, and calibrate that.

    Soft labels come from the teacher, which must know every unlabelled text, or else from the
    folds' networks, each for the sentences it was not fitted on. The folds' held-out logits also
    calibrate the final network. Where there are no folds, or their output was mixed into the
    labels of the final fit (so that it is no longer what the final network would say by itself),
    the randomly drawn sentences of the dev part calibrate instead.
    """
    recipe, encoder = tuner.recipe, tuner.encoder
    train = fitted_examples(split, encoder, recipe)
    dev = make_examples(split.dev, encoder)
    more = unlabelled_examples(unlabelled, encoder, weight=recipe.extra_weight)
    folds = make_folds(split.fitted, recipe.folds)
    rows = sum(len(fold.rows) for fold in folds) + len(train) + len(more)
    with tqdm(
        total=recipe.max_epochs * rows,
        unit=" sentences",
        unit_scale=True,
        smoothing=0.05,
        mininterval=1,
    ) as bar:

        def fit(name: str, examples: Dataset) -> tuple[PreTrainedModel, FineTuneResult]:
            bar.set_description(name)
            network = _starting_network(base, recipe).to(_device(recipe))
            with frozen_lower_layers(network, recipe.frozen_layers, pad_id=base.pad_id):
                tuned = tuner.fine_tune(network, examples, dev, on_step=bar.update)
            return network, tuned

        held_out = cross_fit(tuner, fit, folds, train, more)
        calibration = calibrate(held_out.labelled, multi_hot(split.fitted)) if folds else None
        soft = _soft_targets(teacher, held_out, calibration, split, unlabelled)
        if soft and recipe.soft_share:
            train = distil(train, more, soft, soft_share=recipe.soft_share)
        network, tuned = fit("final fit", train)
    network.cpu()
    if recipe.soft_share or not calibration:
        drawn = representative(split.dev)
        calibration = calibrate(tuner.logits(network, dev)[drawn], multi_hot(split.dev)[drawn])
    best_epochs = [each.best_epoch for each in [*held_out.tuned, tuned]]
    return FittedNetwork(network, calibration, best_epochs)


def _soft_targets(
    teacher: SoftLabels | None,
    held_out: HeldOutLogits,
    calibration: FittedCalibration | None,
    split: Split,
    unlabelled: Sequence[str],
) -> SoftTargets | None:
    """Take soft labels from the teacher, else from the folds' networks; None without either.

    A labelled text that the teacher does not know keeps its label.
    """
    if teacher:
        texts = [each.text for each in split.fitted]
        unknown = np.full((len(unlabelled), len(STANCES)), np.nan)
        return SoftTargets(
            teacher.of(texts, multi_hot(split.fitted).astype(np.float64)),
            teacher.of(unlabelled, unknown),
        )
    if calibration is None:
        return None
    lines = calibration.calibration
    return SoftTargets(
        probabilities(held_out.labelled, lines), probabilities(held_out.unlabelled, lines)
    )


def _device(recipe: Recipe) -> str:
    """Name where to fit; what frozen layers give is cached in the memory of the machine."""
    return "cuda" if torch.cuda.is_available() and not recipe.frozen_layers else "cpu"


def _starting_network(base: BaseEncoder, recipe: Recipe) -> PreTrainedModel:
    if recipe.start == BASE:
        network = base.network(recipe.seed)
    else:
        network = load_checkpoint(open_artifact(Path(recipe.start)).folder / CHECKPOINT, base)
    set_dropout(network, recipe.dropout)
    return network
