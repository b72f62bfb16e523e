"""What `python -m training` understands."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from model.registry.registry import SHIPPED
from training.commands.live_arguments import (
    EXIT_CODES,
    Commands,
    add_models,
    add_promote,
    add_registry,
    add_retrain,
)
from training.recipe import RECIPES

STUDY = Path("var/study.json")


def read_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Understand a command line; `command` of what it gives is the command's name.

    Raises:
        SystemExit: it cannot be understood (2), or help was asked for (0).
    """
    parser = _make_parser()
    options = parser.parse_args(arguments)
    if getattr(options, "force", False) and not options.reason:
        parser.error("--force needs --reason TEXT, which the history keeps")
    return options


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description="Train, measure and promote stance models.",
        epilog=EXIT_CODES,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    _add_train(commands)
    _add_study(commands)
    _add_evaluate(commands)
    _add_release(commands)
    _add_hf(commands)
    add_retrain(commands)
    add_promote(commands)
    add_registry(commands)
    return parser


def _add_train(commands: Commands) -> None:
    command = commands.add_parser("train", help="train a candidate model", epilog=EXIT_CODES)
    _add_material(command)
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


def _add_study(commands: Commands) -> None:
    command = commands.add_parser(
        "study", help="train baselines and a learning curve on the same data", epilog=EXIT_CODES
    )
    _add_material(command)
    command.add_argument("--to", type=Path, default=STUDY, metavar="FILE", help="(%(default)s)")


def _add_evaluate(commands: Commands) -> None:
    command = commands.add_parser(
        "evaluate", help="measure a model on annotated sentences", epilog=EXIT_CODES
    )
    command.add_argument(
        "--data",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="annotated JSONL files (default: the corpus's test part, and the behavioural suite)",
    )
    command.add_argument("--by", metavar="FIELD", help="one table for each value of this field")
    command.add_argument(
        "--model",
        type=Path,
        default=SHIPPED,
        metavar="FOLDER",
        help="the model folder (default: %(default)s)",
    )


def _add_release(commands: Commands) -> None:
    command = commands.add_parser("release", help="make a trained model the shipped one")
    command.add_argument("model", type=Path, help="a folder under var/models")
    command.add_argument("--study", type=Path, metavar="FILE", help="write the report anew with it")
    _add_measured(command)


def _add_hf(commands: Commands) -> None:
    command = commands.add_parser("hf", help="write a folder that transformers.pipeline loads")
    command.add_argument("to", type=Path, help="the folder to write")
    command.add_argument("--model", type=Path, default=SHIPPED, metavar="FOLDER")


def _add_material(command: argparse.ArgumentParser) -> None:
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
    _add_measured(command)


def _add_measured(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--measure", type=Path, nargs="+", default=[], metavar="FILE", help="report figures on it"
    )
    command.add_argument("--by", metavar="FIELD", help="one measured set for each of its values")
