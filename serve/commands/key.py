"""`python -m serve key`: make an API key."""

import argparse
from typing import Any

from model.command_line import say
from serve.guard.keys import Scope, new_key


def add_parser(commands: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Add the command and its options."""
    command = commands.add_parser("key", help="make an API key")
    command.add_argument("name", help="who gets it: small letters, digits, . _ -")
    command.add_argument(
        "--scope",
        action="append",
        choices=[str(each) for each in Scope],
        help="what it reaches; may be repeated (default: classify)",
    )
    command.set_defaults(run=run_key)


def run_key(options: argparse.Namespace) -> None:
    """Print the secret, once, and the line with its hash."""
    secret, key = new_key(options.name, map(Scope, options.scope or [Scope.CLASSIFY]))
    say(f"secret, for the caller; it is shown this once:\n  {secret}")
    say(f"line, for the file of DEMARCHE_KEYS_FILE or for DEMARCHE_KEYS:\n  {key.to_line()}")
