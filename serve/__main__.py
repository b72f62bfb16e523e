"""Command line of serving: `python -m serve --help`."""

import argparse
import sys
from collections.abc import Sequence

from pydantic import ValidationError

from model.command_line import EXIT_CODES, run
from model.errors import DemarcheError
from serve.commands import http, key, queue, score


class Unusable(DemarcheError):
    """A setting, an address or a file that was named cannot be used."""

    exit_code = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    return run(lambda: _run(options))


def _run(options: argparse.Namespace) -> int | None:
    try:
        code: int | None = options.run(options)
    except (ValidationError, OSError) as error:
        raise Unusable(str(error)) from error
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m serve",
        description="Serve a stance model, or score a file.",
        epilog=EXIT_CODES,
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    for command in (http, score, queue, key):
        command.add_parser(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
