"""Write a larger network's soft labels of every sentence, labelled or not."""

import argparse
from pathlib import Path

from model.command_line import say
from training.commands.training_data import add_training_data, read_training_data
from training.fit.fit import make_fine_tuner
from training.fit.network import open_base_encoder
from training.recipe import RECIPES, read_recipe
from training.teacher.teach import TeachingData, teach


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what to teach with, what to answer, and where to."""
    add_training_data(command)
    command.set_defaults(recipe=RECIPES / "teacher.toml")
    command.add_argument(
        "--unlabelled", type=Path, nargs="+", default=[], metavar="FILE", help="texts to answer too"
    )
    command.add_argument("--to", type=Path, required=True, metavar="TSV", help="the soft labels")
    command.add_argument(
        "--work",
        type=Path,
        default=Path("var/teacher"),
        metavar="FOLDER",
        help="what a killed run goes on from; remove it when done (default: %(default)s)",
    )


def run(options: argparse.Namespace) -> None:
    """Fit a network a fold and write what each says of the sentences that it was not fitted on."""
    recipe = read_recipe(options.recipe)
    data = read_training_data(options, recipe, {})
    base = open_base_encoder(recipe.base_model, mask_names=recipe.mask_names)
    tuner = make_fine_tuner(base, data.split, recipe)
    labelled = [*data.split.fitted, *data.split.dev]  # never the test part
    taught = TeachingData(labelled, list(dict.fromkeys(data.unlabelled)))
    score = teach(base, tuner, taught, options.work, options.to, say=say)
    say(
        f"{options.to}: held-out macro-F1 {100 * score:.1f} on {len(labelled):,} labelled sentences"
    )
