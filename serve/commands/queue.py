"""`python -m serve queue`: list sentences worth annotating, with the reason."""

import argparse
import json
from contextlib import closing
from pathlib import Path
from typing import Any

from data.annotation.output import check_output_file
from data.store.existing_store import require_store
from data.store.location import default_location
from data.store.queue import MIN_LENGTH, Request, Strategy
from data.store.store import open_store
from model.artifact.folder import open_artifact
from model.command_line import say
from model.registry.registry import MODELS, Registry
from model.self_test import load_tested_classifier
from serve.annotating.queue_file import queue_rows, score_file, write_queue


def add_parser(commands: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Add the command and its options."""
    command = commands.add_parser("queue", help="list sentences worth annotating, with the reason")
    command.add_argument(
        "source", type=Path, nargs="?", metavar="FROM", help="documents (default: what was kept)"
    )
    command.add_argument("--to", type=Path, metavar="FILE", help="the .jsonl to write")
    command.add_argument("--overwrite", action="store_true", help="replace a file that differs")
    command.add_argument("--limit", type=_length, default=20, help=f"{MIN_LENGTH} or more (20)")
    kinds = [str(each) for each in Strategy]
    command.add_argument("--strategy", choices=kinds, default=kinds[0], help="what most are")
    command.add_argument(
        "--annotator", help="who will read them: none of their own, leased to them"
    )
    command.add_argument(
        "--readings", type=_readings, default=1, help="annotators that are to label each (1)"
    )
    command.add_argument(
        "--lease-hours", type=float, default=24, help="how long nobody else is given them (24)"
    )
    command.add_argument("--suggestions", action="store_true", help="with the model's answers")
    place = default_location()
    command.add_argument("--store", help=f"path or postgresql:// URL ({place})")
    command.add_argument("--model", type=Path, metavar="FOLDER", help="(default: the live model)")
    command.add_argument("--models", type=Path, default=MODELS, metavar="FOLDER")
    command.set_defaults(run=run_queue)


def run_queue(options: argparse.Namespace) -> None:
    """Write the queue to a file, or print it; a file of documents is scored first."""
    _check_places(options)
    scored = None
    if options.source:
        classifier = load_tested_classifier(
            open_artifact(options.model or Registry(options.models).live())
        )
        scored = score_file(options.source, classifier)
    with closing(open_store(options.store or default_location())) as store:
        rows = queue_rows(store, _request(options), scored=scored, suggestions=options.suggestions)
    if options.to:
        write_queue(rows, options.to, overwrite=options.overwrite)
        say(f"{len(rows):,} sentences to annotate are in {options.to}")
    else:
        for row in rows:
            say(json.dumps(row, ensure_ascii=False))


def _check_places(options: argparse.Namespace) -> None:
    """Refuse before documents are scored: a store that is not there, what may not be replaced.

    Documents need no store, so that the default one is made for them; a name that was given is
    more likely mistyped.

    Raises:
        StoreError: there is no store to list from.
        OutputRefused: the file to write is a database, a model or of the corpus.
    """
    if options.store or not options.source:
        require_store(options.store or default_location())
    if options.to:
        check_output_file(options.to)


def _request(options: argparse.Namespace) -> Request:
    return Request(
        limit=options.limit,
        strategy=Strategy(options.strategy),
        annotator=options.annotator,
        readings=options.readings,
        lease_minutes=60 * options.lease_hours if options.lease_hours > 0 else None,
    )


def _readings(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError("a sentence is read once or more")
    return int(text)


def _length(text: str) -> int:
    if int(text) < MIN_LENGTH:
        raise argparse.ArgumentTypeError(f"a queue has {MIN_LENGTH} places or more")
    return int(text)
