"""Command line of training: `python -m training --help`."""

import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TextIO

from model.errors import DemarcheError
from training.commands.arguments import read_arguments

# each command is a function of its name in a file of training/commands/
_FILES = {
    "train": "train",
    "study": "train",
    "evaluate": "train",
    "release": "train",
    "hf": "train",
    "promote": "promote",
    "retrain": "retrain",
    "models": "registry",
    "rollback": "registry",
    "live": "registry",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    options = read_arguments(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stop as Ctrl-C does, tidily
    try:
        commands = import_module(f"training.commands.{_FILES[options.command]}")
        getattr(commands, options.command)(options, _say)
    except DemarcheError as error:
        _say(f"error: {error}", stream=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        _say("stopped: nothing was written", stream=sys.stderr)
        return 130
    return 0


def _say(text: str, *, stream: TextIO | None = None) -> None:
    print(text, file=stream or sys.stdout, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    sys.exit(main())
