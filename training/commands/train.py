"""Train a candidate model."""

import argparse
from pathlib import Path

from model.artifact.folder import CARD
from model.command_line import say
from model.registry.lock import one_at_a_time
from training import pipeline
from training.commands.arguments import add_measured, add_models, read_measured, tell_left
from training.commands.evaluation_plan import read_evaluation_plan
from training.commands.training_data import add_training_data, read_training_data
from training.recipe import read_recipe
from training.release.provenance import data_fingerprint


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what to train on, how, and what to report."""
    add_training_data(command)
    add_measured(command)
    command.add_argument(
        "--unlabelled",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="texts that the folds label softly for the final fit (recipe: soft_share above 0)",
    )
    command.add_argument(
        "--study", type=Path, metavar="FILE", help="report baselines and learning curve from it"
    )
    add_models(command)


def run(options: argparse.Namespace) -> None:
    """Train on the files and write a new model folder, which is a candidate for promotion."""
    recipe, measured = read_recipe(options.recipe), read_measured(options)
    data = read_training_data(options, recipe, measured)
    fingerprint = data_fingerprint(data.split)
    evaluation = read_evaluation_plan(options, measured, data_fingerprint=fingerprint)
    with one_at_a_time(options.models, doing="training") as left:
        tell_left(left, "starting over")
        artifact = pipeline.train(data, recipe, options.models, evaluation, say=say)
    say((artifact.folder / CARD).read_text(encoding="utf-8"))
    say(f"\nmodel:  {artifact.folder}\nreport: {artifact.folder}/report/index.html")
    say(f"try it: make serve MODEL={artifact.folder}")
    say(f"make it live: make promote VERSION={artifact.manifest.version}")
