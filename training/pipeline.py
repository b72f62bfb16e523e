"""The training path as one line: encoder, teacher, fit, calibrate, export, evaluate."""

import time
from datetime import UTC, datetime
from pathlib import Path

from model.artifact.folder import Artifact
from model.command_line import Say
from training.fit.distil import usable_texts
from training.fit.fit import fit_and_calibrate, make_fine_tuner
from training.fit.network import open_base_encoder
from training.fit.soft_labels import read_teacher
from training.measure.study import Study, StudyPlan, run_study
from training.prepare import Sets, TrainingData
from training.recipe import Recipe
from training.release.model_folder import TrainedModel, write_model_folder
from training.release.provenance import TrainingRun, data_fingerprint, new_version
from training.report.write import EvaluationPlan


def train(
    data: TrainingData, recipe: Recipe, models: Path, evaluation: EvaluationPlan, *, say: Say
) -> Artifact:
    """Train a model and write it as a new folder under `models`.

    The test part is only measured on. Nothing is written before training has ended, and then a
    whole verified folder or nothing.

    Raises:
        BaseModelError: the encoder that the recipe names cannot be found.
        InvalidData: a sentence exceeds the window, or the teacher's file has faults.
        NotEnoughData: too few documents for the folds, or nothing was learnt that generalises.
    """
    started, start_seconds = datetime.now(UTC), time.monotonic()
    base = open_base_encoder(recipe.base_model, mask_names=recipe.mask_names)
    tuner = make_fine_tuner(base, data.split, recipe)
    teacher = read_teacher(recipe.teacher, silent_about=data.judged)
    unlabelled = usable_texts(data.unlabelled, teacher, tuner.encoder)
    say(_describe(data, len(unlabelled), recipe, tuner.precision))
    fitted = fit_and_calibrate(base, tuner, data.split, unlabelled, teacher)
    run = TrainingRun(
        version=new_version(data.split, started),
        recipe=recipe,
        precision=tuner.precision,
        started=started,
        best_epochs=fitted.best_epochs,
        unlabelled=len(unlabelled),
        fit_seconds=round(time.monotonic() - start_seconds),
        cpu_seconds=round(time.process_time()),
    )
    say("exporting, comparing with torch and evaluating")
    trained = TrainedModel(base, fitted, data.split, run)
    return write_model_folder(models / run.version, trained, evaluation)


def study(
    data: TrainingData, recipe: Recipe, measured: Sets, *, source_folds: int = 0, say: Say
) -> Study:
    """Train baselines, and the recipe's plain fit on growing shares; nothing is written.

    With `source_folds`, also without each of so many parts of the sources.

    Raises:
        BaseModelError, InvalidData: as `train`.
        NotEnoughData: there are fewer sources than folds.
    """
    base = open_base_encoder(recipe.base_model, mask_names=recipe.mask_names)
    tuner = make_fine_tuner(base, data.split, recipe)
    sets = {"test": data.split.test, **measured}
    fingerprint = data_fingerprint(data.split)
    plan = StudyPlan(sets, fingerprint, source_folds)
    return run_study(data.split, plan, base, tuner, say=say)


def _describe(data: TrainingData, unlabelled: int, recipe: Recipe, precision: str) -> str:
    """Say in one line what will be trained on, and how often."""
    split, offered = data.split, len(data.unlabelled)
    more = f" and {unlabelled} unlabelled" if offered else ""
    why = "over the window" + (" or unknown to the teacher" if recipe.teacher else "")
    left_out = f" ({offered - unlabelled} {why} left out)" if offered > unlabelled else ""
    return (
        f"{len(split.fitted)} train{more}{left_out}, {len(split.dev)} dev, {len(split.test)} test "
        f"sentences; {recipe.folds} folds and the final fit, up to {recipe.max_epochs} epochs "
        f"each, in {precision}"
    )
