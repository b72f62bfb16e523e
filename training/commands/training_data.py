"""The arguments that say what to train on, for `train` and `study`, and what is read from them."""

import argparse
from pathlib import Path

from data.annotation.files import corpus_files, read_annotation_sets
from data.annotation.standoff import read_texts
from training.prepare import Sets, TrainingData, prepare
from training.recipe import RECIPES, Recipe


def add_training_data(command: argparse.ArgumentParser) -> None:
    """Add the annotated files and the recipe."""
    command.add_argument(
        "--data",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="annotated JSONL files (default: the corpus in data/corpus/annotations)",
    )
    command.add_argument(
        "--extra",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="more annotated files, never tested on: their test documents train",
    )
    command.add_argument(
        "--recipe",
        type=Path,
        default=RECIPES / "default.toml",
        metavar="TOML",
        help="what to train (default: %(default)s)",
    )


def read_training_data(options: argparse.Namespace, recipe: Recipe, measured: Sets) -> TrainingData:
    """Read, split and check what to train on.

    Raises:
        InvalidData: with every fault of every file, or a measured sentence would be trained on.
        NotEnoughData: a part of the split is empty, or a label too rare.
    """
    own = options.data or corpus_files()
    annotations, extra = read_annotation_sets([own, options.extra], unique=True)
    paths = getattr(options, "unlabelled", [])  # only `train` has them
    return prepare(
        annotations,
        extra=extra,
        unlabelled=[text for path in paths for text in read_texts(path)],
        min_positives=recipe.min_positives,
        measured=measured,
    )
