"""The training path as one line: encoder, teacher, fit, calibrate, export, evaluate."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from data.annotation.split import Split
from model.artifact.folder import Artifact, open_artifact
from model.command_line import Say
from model.errors import Fault, InvalidData
from training.fit.distil import usable_texts
from training.fit.examples import make_examples, multi_hot, representative
from training.fit.fine_tune import FineTuner
from training.fit.fit import FittedNetwork, fit_and_calibrate, make_fine_tuner
from training.fit.second_opinion import fit_blend
from training.fit.smaller import open_base
from training.fit.soft_labels import read_teacher
from training.measure.study import Study, StudyPlan, run_study
from training.prepare import Sets, TrainingData
from training.recipe import FROM_START, Recipe, read_recipe
from training.release.careful import CarefulNetwork, SecondOpinion, careful_of
from training.release.model_folder import TrainedModel, write_model_folder
from training.release.provenance import (
    TrainingRun,
    data_fingerprint,
    find_trained,
    new_version,
)
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
    careful = careful_network(data, recipe, models, evaluation, say=say)
    started, start_seconds = datetime.now(UTC), time.monotonic()
    base = open_base(recipe, _texts(data))
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
    second = _second_opinion(careful, tuner, fitted, data.split) if careful else None
    trained = TrainedModel(base, fitted, data.split, run, second)
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
    base = open_base(recipe, _texts(data))
    tuner = make_fine_tuner(base, data.split, recipe)
    sets = {"test": data.split.test, **measured}
    fingerprint = data_fingerprint(data.split)
    plan = StudyPlan(sets, fingerprint, source_folds)
    return run_study(data.split, plan, base, tuner, say=say)


def careful_network(
    data: TrainingData, recipe: Recipe, models: Path, evaluation: EvaluationPlan, *, say: Say
) -> CarefulNetwork | None:
    """Find the second network that a recipe names, or train it by its own recipe.

    It is then a model of its own under `models`, and a run that trains it again takes that.

    Raises:
        ArtifactError: the folder that the recipe names holds no model.
        InvalidData: the recipe that it names has faults, or names a careful network itself.
    """
    if not recipe.careful:
        return None
    if recipe.careful == FROM_START:
        start = open_artifact(Path(recipe.start))
        return careful_of(start) if start.careful else None
    path = Path(recipe.careful)
    if path.suffix == ".toml":
        own = _own_recipe(path)
        path = find_trained(_folders(models), data.split, own) or Path()
        if path == Path():
            say(f"the careful network first, by {recipe.careful}")
            plan = replace(evaluation, study=None)
            path = train(data, own, models, plan, say=say).folder
        say(f"the careful network is {path}")
    return careful_of(open_artifact(path))


def _own_recipe(path: Path) -> Recipe:
    recipe = read_recipe(path)
    if recipe.careful:
        valid = "no careful network of the careful network"
        raise InvalidData([Fault(str(path), 0, "careful", "value", recipe.careful, valid)])
    return recipe


def _folders(models: Path) -> list[Path]:
    return sorted(models.glob("[!.]*/")) if models.is_dir() else []


def _second_opinion(
    careful: CarefulNetwork, tuner: FineTuner, fitted: FittedNetwork, split: Split
) -> SecondOpinion:
    """Fit how both answer together, to sentences drawn at random that neither was fitted on."""
    drawn = [split.dev[row] for row in representative(split.dev)]
    fast = tuner.logits(fitted.network, make_examples(drawn, tuner.encoder))
    share = tuner.recipe.asked_twice
    gold, read = multi_hot(drawn), careful.logits(drawn)
    return SecondOpinion(careful, fit_blend(fast, read, gold, fitted.calibration, share=share))


def _texts(data: TrainingData) -> list[str]:
    """List what is learnt from, whose tokens a trimmed vocabulary keeps."""
    return [*(each.text for each in [*data.split.fitted, *data.split.dev]), *data.unlabelled]


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
