"""The command that takes annotations from a file into the store: `make import FROM=file`.

Every faulty row is reported, with what would be right, and then nothing is written, unless it is
asked to take the valid rows. Importing a file again changes nothing. --withdraw takes a file back.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from data.exchange.formats.choose import FORMATS
from data.exchange.importing import import_file, import_summary, read_file, withdrawals
from data.store.location import UNNAMED, default_location
from data.store.store import open_store
from model.command_line import run, say


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m data import",
        description=__doc__,
        epilog="exit codes: 0 done, 1 the store failed, 2 usage, 3 invalid data",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", type=Path, metavar="FROM", help="the file or folder to import")
    known = ", ".join(FORMATS)
    parser.add_argument("--format", help=f"one of {known}; default: as it looks")
    place = default_location()
    parser.add_argument("--store", default=place, help="path or postgresql:// URL (%(default)s)")
    parser.add_argument("--annotator", default=UNNAMED, help="who, where a row does not say")
    parser.add_argument("--accept-valid", action="store_true", help="leave faulty rows out")
    parser.add_argument(
        "--withdraw", action="store_true", help="retract what the file's annotators say in it"
    )
    parser.add_argument("--check", action="store_true", help="only say what is wrong")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Import a file; returns the exit code."""
    options = _parser().parse_args(arguments)
    return run(lambda: _import(options))


def _import(options: argparse.Namespace) -> None:
    intake = read_file(
        options.source,
        format_name=options.format,
        annotator=options.annotator,
        now=datetime.now(UTC),
    )
    events = intake.taken(accept_valid=options.accept_valid)  # before a store is made for nothing
    if options.check:
        say(f"{len(events):,} judgements can be imported")
        return
    if options.withdraw:
        intake = replace(intake, events=withdrawals(events, now=datetime.now(UTC)))
    with closing(open_store(options.store)) as store:
        imported = import_file(intake, store, accept_valid=options.accept_valid)
        for fault in intake.faults:
            say(f"  {fault}", stream=sys.stderr)
        say(import_summary(imported, store))
