"""What `python -m training` understands."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from data.behaviour import FOLDER
from model.registry import MODELS, SHIPPED
from training.gates import GATES
from training.moments import moment_or_day
from training.recipe import RECIPES

STUDY = Path("var/study.json")
_EXIT_CODES = (
    "exit codes: 0 done, 2 usage, 3 invalid data or model, 4 gate failed (the live model stays), "
    "5 locked, 6 nothing new, 7 not enough data, 130 stopped"
)


def read_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Understand a command line; `command` of what it gives is the command's name.

    Raises:
        SystemExit: it cannot be understood (2), or help was asked for (0).
    """
    parser = _make_parser()
    options = parser.parse_args(arguments)
    if options.command == "promote" and options.force and not options.reason:
        parser.error("--force needs --reason TEXT, which the history keeps")
    return options


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description="Train, measure and promote stance models.",
        epilog=_EXIT_CODES,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    def command(name: str, purpose: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=purpose, epilog=_EXIT_CODES)

    _add_train(command("train", "train a candidate model"))
    _add_study(command("study", "train baselines and a learning curve on the same data"))
    _add_evaluate(command("evaluate", "measure a model on annotated sentences"))
    _add_release(command("release", "make a trained model the shipped one"))
    _add_hf(command("hf", "write a folder that transformers.pipeline loads"))
    _add_promote(command("promote", "make a model live"))
    _add_rollback(command("rollback", "go back to the model that was live before"))
    _add_models(command("models", "list every model with its state"))
    _add_live(command("live", "say which model is live, or was"))
    return parser


def _add_train(command: argparse.ArgumentParser) -> None:
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
    _add_models(command)


def _add_study(command: argparse.ArgumentParser) -> None:
    _add_material(command)
    command.add_argument("--to", type=Path, default=STUDY, metavar="FILE", help="(%(default)s)")


def _add_evaluate(command: argparse.ArgumentParser) -> None:
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


def _add_release(command: argparse.ArgumentParser) -> None:
    command.add_argument("model", type=Path, help="a folder under var/models")
    command.add_argument("--study", type=Path, metavar="FILE", help="write the report anew with it")
    _add_measured(command)


def _add_hf(command: argparse.ArgumentParser) -> None:
    command.add_argument("to", type=Path, help="the folder to write")
    command.add_argument("--model", type=Path, default=SHIPPED, metavar="FOLDER")


def _add_rollback(command: argparse.ArgumentParser) -> None:
    command.add_argument("--reason", default="", metavar="TEXT", help="why, for the history")
    _add_models(command)


def _add_live(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--at", type=moment_or_day, metavar="DATE", help="a date or time, ISO 8601, UTC"
    )
    _add_models(command)


def _add_promote(command: argparse.ArgumentParser) -> None:
    command.description = (
        "Score a candidate and the live model on the same sentences, print the verdict of every "
        "rule, and make the candidate live if no rule fails."
    )
    command.add_argument("version", nargs="?", help="(default: the newest candidate)")
    command.add_argument(
        "--gates", type=Path, default=GATES, metavar="TOML", help="the limits (%(default)s)"
    )
    command.add_argument(
        "--data",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="annotated JSONL files, whose test documents count (default: the corpus)",
    )
    command.add_argument(
        "--own",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="your own annotations that the candidate was not trained on",
    )
    command.add_argument(
        "--behaviour", type=Path, default=FOLDER, metavar="FOLDER", help="(%(default)s)"
    )
    command.add_argument("--reason", default="", metavar="TEXT", help="why, for the history")
    command.add_argument(
        "--force", action="store_true", help="promote whatever the gate says; needs --reason"
    )
    _add_models(command)


def _add_models(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--models",
        type=Path,
        default=MODELS,
        metavar="FOLDER",
        help="the folder of trained models (default: %(default)s)",
    )


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
