"""The training path in one place: split, fine-tune, calibrate, and the model folder at its end."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm
from transformers import PreTrainedModel

from data.annotation import Annotation
from data.split import Split, fold_of, split_annotations
from model.artifact import Artifact
from model.errors import NotEnoughData
from model.stance import STANCES
from training.calibrate import Fitted, calibrate
from training.examples import make_examples, multi_hot
from training.fine_tune import Trainer, Tuned, choose_precision
from training.network import Base, open_base
from training.package import TrainingRun, package, split_fingerprint
from training.recipe import Recipe

Say = Callable[[str], None]


@dataclass(frozen=True)
class _Fit:
    """Which rows of the train part one fine-tuning run sees, and which it is tried on."""

    name: str
    rows: list[int]
    held_out: list[int]


def train(annotations: Sequence[Annotation], recipe: Recipe, models: Path, *, say: Say) -> Artifact:
    """Train a model on annotations and write it as a new folder under `models`.

    The test part is only measured on. Nothing is written before training has ended, and then a
    whole verified folder or nothing.

    Raises:
        NotEnoughData: a part of the split is empty or a label too rare.
        BaseModelError, InvalidData: see model.errors.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    split = split_annotations(annotations)
    _check_amounts(split, recipe)
    base = open_base(recipe.base_model)
    trainer = _trainer(base, split, recipe)
    say(_plan(split, recipe, trainer.precision))
    network, tuned, fitted = _fit_all(base, trainer, split)
    run = TrainingRun(
        version=f"{started:%Y%m%dT%H%M%S}-{split_fingerprint(annotations)[:8]}",
        recipe=recipe,
        precision=trainer.precision,
        started=started,
        best_epochs=[each.best_epoch for each in tuned],
        fit_seconds=round(time.monotonic() - clock),
    )
    say("exporting, comparing with torch and evaluating on the test part")
    return package(models / run.version, network, base, fitted, split, run)


def _check_amounts(split: Split, recipe: Recipe) -> None:
    for name, part in (("train", split.train), ("dev", split.dev), ("test", split.test)):
        if not part:
            raise NotEnoughData(
                f"no document fell into the {name} part: documents are dealt out 70/10/20, "
                "annotate at least some twenty"
            )
    for stance in STANCES:
        positives = sum(stance in each.labels for each in split.train)
        if positives < recipe.min_positives:
            raise NotEnoughData(
                f"{positives} sentences of the train part are labelled {stance}; the recipe "
                f"wants {recipe.min_positives} (min_positives)"
            )


def _trainer(base: Base, split: Split, recipe: Recipe) -> Trainer:
    encoder = base.encoder(recipe.max_window)
    sample = make_examples(split.train[: 8 * recipe.batch_sentences], encoder)
    precision = choose_precision(recipe, base.network(recipe.seed), encoder, sample)
    return Trainer(recipe, encoder, precision)


def _plan(split: Split, recipe: Recipe, precision: str) -> str:
    return (
        f"{len(split.train)} train, {len(split.dev)} dev, {len(split.test)} test sentences; "
        f"{recipe.folds} folds and the final fit, up to {recipe.max_epochs} epochs each, "
        f"in {precision}"
    )


def _fit_all(
    base: Base, trainer: Trainer, split: Split
) -> tuple[PreTrainedModel, list[Tuned], Fitted]:
    """Networks of the folds calibrate; the last, fitted on the whole train part, is kept."""
    recipe, encoder = trainer.recipe, trainer.encoder
    train, dev = make_examples(split.train, encoder), make_examples(split.dev, encoder)
    held_out_logits = np.zeros((len(train), len(STANCES)), np.float32)
    tuned: list[Tuned] = []
    fits = _fits(split.train, recipe.folds)
    total = recipe.max_epochs * sum(len(fit.rows) for fit in fits)
    with tqdm(
        total=total, unit=" sentences", unit_scale=True, smoothing=0.05, mininterval=1
    ) as bar:
        for fit in fits:
            bar.set_description(fit.name)
            network = base.network(recipe.seed)
            tuned.append(
                trainer.fine_tune(network, train.select(fit.rows), dev, on_step=bar.update)
            )
            if fit.held_out:
                held_out = trainer.logits(network, train.select(fit.held_out))
                held_out_logits[fit.held_out] = held_out
    return network, tuned, calibrate(held_out_logits, multi_hot(split.train))


def _fits(annotations: Sequence[Annotation], folds: int) -> list[_Fit]:
    fold: NDArray[np.int64] = np.array([fold_of(each.group, folds=folds) for each in annotations])
    fits = [
        _Fit(
            f"fold {k + 1}/{folds}",
            np.flatnonzero(fold != k).tolist(),
            np.flatnonzero(fold == k).tolist(),
        )
        for k in range(folds)
    ]
    if any(not fit.rows or not fit.held_out for fit in fits):
        raise NotEnoughData(f"too few documents for {folds} held-out folds; annotate more of them")
    return [*fits, _Fit("final fit", list(range(len(annotations))), [])]
