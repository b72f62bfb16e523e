"""Command line of serving: `python -m serve --help`."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TextIO

from pydantic import ValidationError
from tqdm import tqdm

from data.store.queue import Strategy
from data.store.store import open_store
from model.artifact.folder import open_artifact
from model.errors import DemarcheError
from model.registry.registry import MODELS, Registry
from model.self_test import open_proven
from serve.annotating.queue_file import add_queue_arguments, queue_rows, score_file, write_queue
from serve.app import create_app
from serve.archive.score import read_documents, score_documents
from serve.guard.keys import Scope, new_key
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
Commands = Any  # what argparse gives for its subcommands has no public type
_EXAMPLE = "We welcome the truce. Both sides must now release the prisoners."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except DemarcheError as error:
        _say(f"error: {error}", stream=sys.stderr)
        return error.exit_code
    except (ValidationError, OSError) as error:
        _say(f"error: {error}", stream=sys.stderr)
        return 2
    except KeyboardInterrupt:
        _say("stopped: nothing was written", stream=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    codes = "exit codes: 0 done, 2 usage, 3 invalid data or model, 70 engine hung, 130 stopped"
    parser = argparse.ArgumentParser(
        prog="python -m serve", description="Serve a stance model, or score a file.", epilog=codes
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    _add_http(commands)
    _add_score(commands, codes)
    _add_queue(commands)
    _add_key(commands)
    return parser


def _add_http(commands: Commands) -> None:
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
    command.set_defaults(run=_http)


def _add_score(commands: Commands, codes: str) -> None:
    command = commands.add_parser("score", help="score a file of documents", epilog=codes)
    command.add_argument("input", type=Path, help=".jsonl with id and text a row, or a .txt")
    command.add_argument("output", type=Path, help="the .jsonl to write, one sentence a row")
    command.add_argument("--model", type=Path, metavar="FOLDER", help="(default: the live model)")
    command.add_argument(
        "--models", type=Path, default=MODELS, metavar="FOLDER", help="the registry (%(default)s)"
    )
    command.set_defaults(run=_score)


def _add_queue(commands: Commands) -> None:
    command = commands.add_parser("queue", help="list sentences worth annotating, with the reason")
    add_queue_arguments(command)
    command.add_argument("--model", type=Path, metavar="FOLDER", help="(default: the live model)")
    command.add_argument("--models", type=Path, default=MODELS, metavar="FOLDER")
    command.set_defaults(run=_queue)


def _add_key(commands: Commands) -> None:
    command = commands.add_parser("key", help="make an API key")
    command.add_argument("name", help="who gets it: small letters, digits, . _ -")
    command.add_argument(
        "--scope",
        action="append",
        choices=[str(each) for each in Scope],
        help="what it reaches; may be repeated (default: classify)",
    )
    command.set_defaults(run=_key)


def _environment() -> str:
    lines = [
        f"  DEMARCHE_{name.upper():<20} {field.description} (default: {field.default})"
        for name, field in Settings.model_fields.items()
    ]
    return "environment:\n" + "\n".join(lines)


def _http(options: argparse.Namespace) -> None:
    given = {name: value for name, value in vars(options).items() if name != "run"}
    settings = Settings(**given)
    # the engine has the cores; sentences of one request are tokenised in turn
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    configure_logs()
    serve(create_app(settings), settings, announce=_announce)


def _announce(address: str) -> None:
    _say(f"\nDemarche is ready at {address} (Ctrl-C stops it). Try:\n")
    _say(
        f"curl -s {address}/v1/classify -H 'content-type: application/json' \\\n"
        f'  -d \'{{"text": "{_EXAMPLE}"}}\'\n'
    )


def _key(options: argparse.Namespace) -> None:
    secret, key = new_key(options.name, map(Scope, options.scope or [Scope.CLASSIFY]))
    _say(f"secret, for the caller; it is shown this once:\n  {secret}")
    _say(f"line, for the file of DEMARCHE_KEYS_FILE or for DEMARCHE_KEYS:\n  {key.to_line()}")


def _score(options: argparse.Namespace) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stop as Ctrl-C does, tidily
    documents = read_documents(options.input)
    classifier = open_proven(
        open_artifact(options.model or Registry(options.models).live()), gpu=True
    )
    total = sum(len(document.text) for document in documents)
    with tqdm(total=total, unit=" characters", unit_scale=True) as bar:
        count = score_documents(documents, classifier, options.output, on_characters=bar.update)
    _say(f"{count:,} sentences of {len(documents):,} documents are in {options.output}")


def _queue(options: argparse.Namespace) -> None:
    scored = None
    if options.source:
        classifier = open_proven(open_artifact(options.model or Registry(options.models).live()))
        scored = score_file(options.source, classifier)
    with closing(open_store(options.store)) as store:
        rows = queue_rows(
            store,
            limit=options.limit,
            strategy=Strategy(options.strategy),
            scored=scored,
            suggestions=options.suggestions,
        )
    if options.to:
        write_queue(rows, options.to)
        _say(f"{len(rows):,} sentences to annotate are in {options.to}")
    else:
        for row in rows:
            _say(json.dumps(row, ensure_ascii=False))


def _say(text: str, *, stream: TextIO | None = None) -> None:
    print(text, file=stream or sys.stdout, flush=True)


if __name__ == "__main__":
    sys.exit(main())
