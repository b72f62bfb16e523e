"""The training path in one place: split, fine-tune, calibrate, and the model folder at its end."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from data.annotation.annotation import Annotation
from data.annotation.split import Split, split_annotations
from model.artifact.folder import Artifact
from model.errors import Fault, InvalidData, NotEnoughData
from model.stance import STANCES
from training.fit.distil import fitting_texts
from training.fit.fine_tune import Trainer
from training.fit.fit import fit_all, make_trainer
from training.fit.network import open_base
from training.fit.soft_labels import SoftLabels, read_soft_labels
from training.measure.study import Study, run_study
from training.recipe import Recipe
from training.release.model_folder import Trained, package
from training.release.provenance import TrainingRun, data_fingerprint, split_fingerprint
from training.report.write import Yardsticks

Say = Callable[[str], None]


@dataclass(frozen=True)
class Material:
    """What a run is given.

    Attributes:
        annotations: divided into train, dev and test by document.
        extra: annotations that are never tested on; their dev documents only stop and calibrate.
        unlabelled: texts that the folds' networks label softly, for the final fit.
        certain: texts whose labels no teacher softens, such as those that users judged.
    """

    annotations: Sequence[Annotation]
    extra: Sequence[Annotation] = ()
    unlabelled: Sequence[str] = ()
    certain: Sequence[str] = ()

    def split(self) -> Split:
        """Train, dev and test."""
        return split_annotations(self.annotations, extra=self.extra)


def train(
    material: Material, recipe: Recipe, models: Path, yardsticks: Yardsticks, *, say: Say
) -> Artifact:
    """Train a model and write it as a new folder under `models`.

    The test part is only measured on. Nothing is written before training has ended, and then a
    whole verified folder or nothing.

    Raises:
        NotEnoughData: a part of the split is empty or a label too rare.
        BaseModelError, InvalidData: see model.errors.
    """
    started, clock = datetime.now(UTC), time.monotonic()
    split = check(material, recipe, yardsticks.measured)
    base = open_base(recipe.base_model, mask_names=recipe.mask_names)
    trainer = make_trainer(base, split, recipe)
    teacher = _teacher(material, recipe)
    known = teacher.known(material.unlabelled) if teacher else material.unlabelled
    unlabelled = fitting_texts(known, trainer.encoder)
    say(_plan(split, len(unlabelled), len(material.unlabelled), trainer))
    network, tuned, fitted = fit_all(base, trainer, split, unlabelled, teacher)
    run = TrainingRun(
        version=f"{started:%Y%m%dT%H%M%S}-{split_fingerprint(split)[:8]}",
        recipe=recipe,
        precision=trainer.precision,
        started=started,
        best_epochs=[each.best_epoch for each in tuned],
        fit_seconds=round(time.monotonic() - clock),
        unlabelled=len(unlabelled),
        cpu_seconds=round(time.process_time()),
    )
    say("exporting, comparing with torch and evaluating")
    return package(models / run.version, Trained(network, base, fitted, split, run), yardsticks)


def study(
    material: Material,
    recipe: Recipe,
    measured: Mapping[str, Sequence[Annotation]],
    *,
    say: Say,
) -> Study:
    """Train baselines, and the recipe's plain fit on growing shares; nothing is written.

    Raises:
        As `train`.
    """
    split = check(material, recipe, measured)
    base = open_base(recipe.base_model, mask_names=recipe.mask_names)
    sets = {"test": split.test, **measured}
    trainer, fingerprint = make_trainer(base, split, recipe), data_fingerprint(split)
    return run_study(split, sets, base, trainer, data_fingerprint=fingerprint, say=say)


def check(
    material: Material, recipe: Recipe, measured: Mapping[str, Sequence[Annotation]]
) -> Split:
    """Divide what a run is given, if it is fit to train on and to measure.

    Raises:
        NotEnoughData: a part of the split is empty or a label too rare.
        InvalidData: a sentence to be measured on would be trained on.
    """
    split = material.split()
    _check_amounts(split, recipe)
    _check_unseen(split, measured)
    return split


def _teacher(material: Material, recipe: Recipe) -> SoftLabels | None:
    if not recipe.teacher:
        return None
    return read_soft_labels(Path(recipe.teacher)).without(material.certain)


def _check_unseen(split: Split, measured: Mapping[str, Sequence[Annotation]]) -> None:
    """No sentence that figures are reported on may have been fitted on."""
    seen = {each.text for each in [*split.fitted, *split.dev]}
    faults = [
        Fault(name, i, "text", "trained_on", repr(each.text[:60]), "sentences not trained on")
        for name, rows in measured.items()
        for i, each in enumerate(rows, 1)
        if each.text in seen
    ]
    if faults:
        raise InvalidData(faults)


def _check_amounts(split: Split, recipe: Recipe) -> None:
    for name, part in (("train", split.train), ("dev", split.dev), ("test", split.test)):
        if not part:
            raise NotEnoughData(
                f"no document fell into the {name} part: documents are dealt out 70/10/20, "
                "annotate at least some twenty"
            )
    for stance in STANCES:
        positives = sum(stance in each.labels for each in split.fitted)
        if positives < recipe.min_positives:
            raise NotEnoughData(
                f"{positives} sentences of the train part are labelled {stance}; the recipe "
                f"wants {recipe.min_positives} (min_positives)"
            )


def _plan(split: Split, unlabelled: int, offered: int, trainer: Trainer) -> str:
    recipe = trainer.recipe
    more = f" and {unlabelled} unlabelled" if offered else ""
    why = "over the window" + (" or unknown to the teacher" if recipe.teacher else "")
    left_out = f" ({offered - unlabelled} {why} left out)" if offered > unlabelled else ""
    return (
        f"{len(split.fitted)} train{more}{left_out}, {len(split.dev)} dev, {len(split.test)} test "
        f"sentences; {recipe.folds} folds and the final fit, up to {recipe.max_epochs} epochs "
        f"each, in {trainer.precision}"
    )
