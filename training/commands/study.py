"""Train baselines and a learning curve on the same data."""

import argparse
from pathlib import Path

from model.command_line import say
from training import pipeline
from training.commands.arguments import add_measured, read_measured
from training.commands.training_data import add_training_data, read_training_data
from training.measure.study_file import write_study
from training.recipe import read_recipe

_STUDY = Path("var/study.json")


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what to train on, and where the study goes."""
    add_training_data(command)
    add_measured(command)
    command.add_argument(
        "--by-source",
        type=int,
        default=0,
        metavar="FOLDS",
        help="also cross-validate by source, in 2 x FOLDS + 4 trainings (4 is enough)",
    )
    command.add_argument("--to", type=Path, default=_STUDY, metavar="FILE", help="(%(default)s)")


def run(options: argparse.Namespace) -> None:
    """Train every baseline and the learning curve, and write them as a study."""
    recipe, measured = read_recipe(options.recipe), read_measured(options)
    data = read_training_data(options, recipe, measured)
    folds = options.by_source
    study = pipeline.study(data, recipe, measured, source_folds=folds, say=say)
    write_study(study, options.to)
    say(f"study: {options.to}; report it: python -m training train --study {options.to} …")
