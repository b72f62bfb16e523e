"""What the commands about the live model understand: promote, rollback, models, live."""

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from data.annotation.behaviour_suite import FOLDER
from data.store.location import UNNAMED, default_location
from model.registry.registry import MODELS
from training.promotion.limits import GATES
from training.recipe import RECIPES

EXIT_CODES = (
    "exit codes: 0 done, 2 usage, 3 invalid data or model, 4 gate failed (the live model stays), "
    "5 locked, 6 nothing new, 7 not enough data, 130 stopped"
)
Commands = Any  # what argparse gives for its subcommands has no public type


def add_promote(commands: Commands) -> None:
    """Promotion, through the gate."""
    command = commands.add_parser("promote", help="make a model live", epilog=EXIT_CODES)
    command.description = (
        "Score a candidate and the live model on the same sentences, print the verdict of every "
        "rule, and make the candidate live if no rule fails."
    )
    command.add_argument("version", nargs="?", help="(default: the newest candidate)")
    command.add_argument(
        "--own",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="your own annotations that the candidate was not trained on",
    )
    _add_gate(command)


def add_retrain(commands: Commands) -> None:
    """Everything from new annotations to a new live model."""
    command = commands.add_parser(
        "retrain", help="train on new annotations and promote", epilog=EXIT_CODES
    )
    command.description = (
        "Take the files into the annotation store, train from the released checkpoint on the "
        "corpus and all that is decided in the store, then promote as `promote` does; a fifth of "
        "the annotations' documents is held out to judge. A fault in any row of any file, and "
        "nothing is written."
    )
    command.add_argument(
        "annotations",
        type=Path,
        nargs="*",
        metavar="FILE",
        help="annotations in any format that `make import` knows (default: only the store's)",
    )
    _add_intake(command)
    command.add_argument(
        "--recipe",
        type=Path,
        default=RECIPES / "retrain.toml",
        metavar="TOML",
        help="what to train (default: %(default)s)",
    )
    command.add_argument(
        "--full",
        dest="recipe",
        action="store_const",
        const=RECIPES / "retrain-full.toml",
        help="train every layer: slower, for thousands of new sentences",
    )
    _add_gate(command)


def _add_intake(command: argparse.ArgumentParser) -> None:
    """How files are taken in, as data.importing does."""
    command.add_argument(
        "--store", default=default_location(), help="path or postgresql:// URL (%(default)s)"
    )
    command.add_argument("--format", help="the files' format (default: as they look)")
    command.add_argument("--annotator", default=UNNAMED, help="who, where a row does not say")
    command.add_argument("--accept-valid", action="store_true", help="leave faulty rows out")


def _add_gate(command: argparse.ArgumentParser) -> None:
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
        "--behaviour", type=Path, default=FOLDER, metavar="FOLDER", help="(%(default)s)"
    )
    command.add_argument("--reason", default="", metavar="TEXT", help="why, for the history")
    command.add_argument(
        "--force", action="store_true", help="promote whatever the gate says; needs --reason"
    )
    add_models(command)


def add_registry(commands: Commands) -> None:
    """What only reads the registry, or goes back."""
    command = commands.add_parser("rollback", help="go back to the model that was live before")
    command.add_argument("--reason", default="", metavar="TEXT", help="why, for the history")
    add_models(command)
    add_models(commands.add_parser("models", help="list every model with its state"))
    command = commands.add_parser("live", help="say which model is live, or was")
    command.add_argument(
        "--at", type=_moment_or_day, metavar="DATE", help="a date or time, ISO 8601, UTC"
    )
    add_models(command)


def add_models(command: argparse.ArgumentParser) -> None:
    """The folder of trained models."""
    command.add_argument(
        "--models",
        type=Path,
        default=MODELS,
        metavar="FOLDER",
        help="the folder of trained models (default: %(default)s)",
    )


def _moment_or_day(text: str) -> tuple[datetime, datetime]:
    """A time, twice, or the first and last moment of a date; UTC where no offset is given."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date or time in ISO 8601") from error
    since = parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    if since > datetime.now(UTC):
        raise argparse.ArgumentTypeError(f"{text} has not come yet")
    is_date = len(text) == len("2026-01-31") and "T" not in text
    return since, since + timedelta(days=1, microseconds=-1) if is_date else since
