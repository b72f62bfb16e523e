"""Command line of training: `python -m training --help`."""

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module

from model.command_line import EXIT_CODES, run

# Each command is a file of training/commands/ with `add_arguments` and `run`. Only the one named is
# imported: torch alone takes five seconds.
_COMMANDS = {
    "teach": "write a larger network's soft labels, which models learn from",
    "train": "train a candidate model",
    "study": "train baselines and a learning curve on the same data",
    "evaluate": "measure a model on annotated sentences",
    "retrain": "train on new annotations and promote",
    "promote": "make a model live if it passes the gate",
    "release": "make a trained model the shipped one",
    "hf": "write a folder that transformers.pipeline loads",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    options = read_arguments(arguments)
    return run(partial(options.run, options))


def read_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse a command line; `run` of the result is the command's function.

    Raises:
        SystemExit: with 2 for a faulty command line, with 0 after --help.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description="Train, measure and promote stance models.",
        epilog=EXIT_CODES,
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, summary in _COMMANDS.items():
        command = commands.add_parser(name, help=summary, epilog=EXIT_CODES)
        if given[:1] == [name]:
            module = import_module(f"training.commands.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return parser.parse_args(given)


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    sys.exit(main())
