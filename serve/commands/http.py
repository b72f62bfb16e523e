"""`python -m serve http`: answer over HTTP."""

import argparse
import os
from pathlib import Path
from typing import Any

from model.command_line import say
from serve.app import create_app
from serve.process.server import serve
from serve.settings import Settings
from serve.telemetry.logs import configure_logs

_FLAGS = {
    "host": str,
    "port": int,
    "model": Path,
    "models": Path,
    "annotations": str,
    "threads": int,
}
_EXAMPLE = "We welcome the truce. Both sides must now release the prisoners."


def add_parser(commands: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Add the command and its options."""
    command = commands.add_parser(
        "http",
        help="answer over HTTP",
        epilog=_environment(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name, kind in _FLAGS.items():
        command.add_argument(
            f"--{name}",
            type=kind,
            default=argparse.SUPPRESS,
            help=Settings.model_fields[name].description,
        )
    command.set_defaults(run=run_http)


def run_http(options: argparse.Namespace) -> None:
    """Serve until told to stop; flags win over the environment."""
    given = {name: value for name, value in vars(options).items() if name in _FLAGS}
    settings = Settings(**given)
    # the engine uses all cores, so sentences of one request are tokenised one after the other
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    configure_logs()
    serve(create_app(settings), settings, announce=_announce)


def _environment() -> str:
    lines = [
        f"  DEMARCHE_{name.upper():<20} {field.description} (default: {field.default})"
        for name, field in Settings.model_fields.items()
    ]
    return "environment:\n" + "\n".join(lines)


def _announce(address: str) -> None:
    say(f"\nDemarche is ready at {address} (Ctrl-C stops it). Try:\n")
    say(
        f"curl -s {address}/v1/classify -H 'content-type: application/json' \\\n"
        f'  -d \'{{"text": "{_EXAMPLE}"}}\'\n'
    )
