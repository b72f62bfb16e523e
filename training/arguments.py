"""What `python -m training` understands."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from training.recipe import RECIPES
from training.release import SHIPPED

MODELS = Path("var/models")
STUDY = Path("var/study.json")
_EXIT_CODES = "exit codes: 0 done, 2 usage, 3 invalid data or model, 7 not enough data, 130 stopped"

Run = Callable[[argparse.Namespace], None]
Commands = Any  # what argparse gives for its subcommands has no public type


def make_parser(run: Mapping[str, Run]) -> argparse.ArgumentParser:
    """The parser of `python -m training`; `run` has a function for every command."""
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description="Train and measure stance models.",
        epilog=_EXIT_CODES,
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    _add_train(commands, run["train"])
    _add_study(commands, run["study"])
    _add_evaluate(commands, run["evaluate"])
    _add_release(commands, run["release"])
    _add_hf(commands, run["hf"])
    return parser


def _add_train(commands: Commands, run: Run) -> None:
    command = commands.add_parser("train", help="train a candidate model", epilog=_EXIT_CODES)
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
    command.add_argument(
        "--models",
        type=Path,
        default=MODELS,
        metavar="FOLDER",
        help="where the new model folder goes (default: %(default)s)",
    )
    command.set_defaults(run=run)


def _add_study(commands: Commands, run: Run) -> None:
    command = commands.add_parser(
        "study", help="train baselines and a learning curve on the same data", epilog=_EXIT_CODES
    )
    _add_material(command)
    command.add_argument("--to", type=Path, default=STUDY, metavar="FILE", help="(%(default)s)")
    command.set_defaults(run=run)


def _add_evaluate(commands: Commands, run: Run) -> None:
    command = commands.add_parser(
        "evaluate", help="measure a model on annotated sentences", epilog=_EXIT_CODES
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
    command.set_defaults(run=run)


def _add_release(commands: Commands, run: Run) -> None:
    command = commands.add_parser("release", help="make a trained model the shipped one")
    command.add_argument("model", type=Path, help="a folder under var/models")
    command.add_argument("--study", type=Path, metavar="FILE", help="write the report anew with it")
    _add_measured(command)
    command.set_defaults(run=run)


def _add_hf(commands: Commands, run: Run) -> None:
    command = commands.add_parser("hf", help="write a folder that transformers.pipeline loads")
    command.add_argument("to", type=Path, help="the folder to write")
    command.add_argument("--model", type=Path, default=SHIPPED, metavar="FOLDER")
    command.set_defaults(run=run)


def _add_material(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="annotated JSONL files (default: the corpus in data/annotations)",
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
