"""Command line of the model registry: `python -m model.registry --help`; needs no torch."""

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from model.command_line import EXIT_CODES, run
from model.registry.commands import list_models, moment_or_day, roll_back, show_live
from model.registry.registry import MODELS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    options = _parser().parse_args(arguments)
    return run(partial(options.command, options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m model.registry",
        description="List the trained models, ask which one is live, or go back to the one before.",
        epilog=EXIT_CODES,
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    models = commands.add_parser("models", help="list every model with its state")
    models.set_defaults(command=list_models)
    live = commands.add_parser("live", help="say which model is live, or was live at a time")
    live.add_argument("--at", type=moment_or_day, metavar="DATE", help="ISO 8601, UTC")
    live.set_defaults(command=show_live)
    rollback = commands.add_parser("rollback", help="go back to the model that was live before")
    rollback.add_argument("--reason", default="", metavar="TEXT", help="why, for the history")
    rollback.set_defaults(command=roll_back)
    for command in (models, live, rollback):
        command.add_argument(
            "--models",
            type=Path,
            default=MODELS,
            metavar="FOLDER",
            help="the folder of trained models (default: %(default)s)",
        )
    return parser


if __name__ == "__main__":
    sys.exit(main())
