"""A split to a tuned and calibrated network: folds, their answers, the final fit."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from datasets import Dataset
from tqdm import tqdm
from transformers import PreTrainedModel

from data.annotation.split import Split
from model.artifact.folder import CHECKPOINT, open_artifact
from model.decide.calibration import probabilities
from model.stance import STANCES
from training.fit.calibrate import Fitted, calibrate
from training.fit.checkpoint import load_checkpoint
from training.fit.cross_fit import Answers, cross_fit, make_folds
from training.fit.distil import SoftAnswers, distil, unlabelled_examples
from training.fit.examples import fitted_examples, make_examples, multi_hot, representative
from training.fit.fine_tune import Trainer, Tuned, choose_precision
from training.fit.frozen_layers import frozen_lower_layers
from training.fit.network import Base, set_dropout
from training.fit.soft_labels import SoftLabels
from training.recipe import BASE, Recipe


def make_trainer(base: Base, split: Split, recipe: Recipe) -> Trainer:
    """How the networks of this run are tuned, in the precision that is faster here."""
    encoder = base.encoder(recipe.max_window)
    sample = make_examples(split.fitted[: 8 * recipe.batch_sentences], encoder)
    precision = choose_precision(recipe, base.network(recipe.seed), encoder, sample)
    return Trainer(recipe, encoder, precision)


def fit_all(
    base: Base,
    trainer: Trainer,
    split: Split,
    unlabelled: Sequence[str],
    teacher: SoftLabels | None = None,
) -> tuple[PreTrainedModel, list[Tuned], Fitted]:
    """The folds' networks answer for what they did not see; the last one, fitted on all, is kept.

    A teacher answers in their place; it knows every one of the unlabelled texts. The folds' answers
    calibrate the last network. If the recipe mixes answers into its labels instead, they are no
    longer what it would say itself; then, and if there are no folds, the dev part calibrates, as
    far as it was drawn at random.
    """
    recipe, encoder = trainer.recipe, trainer.encoder
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

        def fit(name: str, examples: Dataset) -> tuple[PreTrainedModel, Tuned]:
            bar.set_description(name)
            network = _start(base, recipe)
            with frozen_lower_layers(network, recipe.frozen_layers, pad_id=base.pad_id):
                tuned = trainer.fine_tune(network, examples, dev, on_step=bar.update)
            return network, tuned

        answers = cross_fit(trainer, fit, folds, train, more)
        fitted = calibrate(answers.held_out, multi_hot(split.fitted)) if folds else None
        soft = _taught(teacher, split, unlabelled) if teacher else _of_folds(answers, fitted)
        if soft and recipe.soft_share:
            train = distil(train, more, soft, soft_share=recipe.soft_share)
        network, tuned = fit("final fit", train)
    if recipe.soft_share or not fitted:
        drawn = representative(split.dev)
        fitted = calibrate(trainer.logits(network, dev)[drawn], multi_hot(split.dev)[drawn])
    return network, [*answers.tuned, tuned], fitted


def _of_folds(answers: Answers, fitted: Fitted | None) -> SoftAnswers | None:
    if fitted is None:
        return None
    lines = fitted.calibration
    return SoftAnswers(
        probabilities(answers.held_out, lines), probabilities(answers.unlabelled, lines)
    )


def _taught(teacher: SoftLabels, split: Split, unlabelled: Sequence[str]) -> SoftAnswers:
    """A labelled text that the teacher does not know keeps its label."""
    texts = [each.text for each in split.fitted]
    unknown = np.full((len(unlabelled), len(STANCES)), np.nan)
    return SoftAnswers(
        teacher.of(texts, multi_hot(split.fitted).astype(np.float64)),
        teacher.of(unlabelled, unknown),
    )


def _start(base: Base, recipe: Recipe) -> PreTrainedModel:
    if recipe.start == BASE:
        network = base.network(recipe.seed)
    else:
        network = load_checkpoint(open_artifact(Path(recipe.start)).folder / CHECKPOINT, base)
    set_dropout(network, recipe.dropout)
    return network
