"""The command that takes annotations from a file into the store: `make import FROM=file`.

Every fault is reported, with what would be right, and then nothing is written, unless it is asked
to take the valid rows. Importing a file again changes nothing. --withdraw takes a file back.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from data.exchange.annotator_map import read_annotator_map
from data.exchange.formats.choose import FORMATS
from data.exchange.formats.fields.options import ReadOptions, parse_names
from data.exchange.import_summary import file_lines, import_summary, withdrawal_lines
from data.exchange.importing import Source, find_withdrawal, import_file, read_source, withdraw_file
from data.judgements.rows_to_events import Intake
from data.store.existing_store import is_there, require_store
from data.store.location import UNNAMED, default_location
from data.store.store import open_store
from model.command_line import run, say
from model.errors import fault_lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Import a file; returns the exit code."""
    options = _parser().parse_args(arguments)
    return run(lambda: _import(options))


def _import(options: argparse.Namespace) -> None:
    intake = read_source(_source(options), now=datetime.now(UTC))
    events = intake.taken(accept_valid=options.accept_valid)  # before a store is made for nothing
    for line in fault_lines(intake.faults):
        say(f"  {line}", stream=sys.stderr)
    if options.withdraw:
        require_store(options.store)
    if options.withdraw:
        _withdraw(intake, options)
        return
    if options.check:
        say("\n".join([f"{len(events):,} judgements can be imported", *file_lines(intake)]))
        return
    if not (new := not is_there(options.store)):
        require_store(options.store)
    with closing(open_store(options.store)) as store:
        if new:
            say(f"{options.store} is a new store")
        imported = import_file(intake, store, accept_valid=options.accept_valid)
        say(import_summary(imported, store))


def _withdraw(intake: Intake, options: argparse.Namespace) -> None:
    with closing(open_store(options.store)) as store:
        found = find_withdrawal(intake, store, now=datetime.now(UTC))
        if options.check:
            named = sum(len(each.withdraws) for each in found.events)
            say(f"{named:,} judgements of {len(intake.events):,} in the file can be taken back")
        else:
            say(import_summary(withdraw_file(intake, store, found), store))
    for line in withdrawal_lines(found):
        say(line)


def _source(options: argparse.Namespace) -> Source:
    said = ReadOptions(
        text=options.text,
        labels=options.labels,
        doc=options.doc,
        names=options.map,
        classes=options.classes,
        encoding=options.encoding,
        keep=options.keep,
        people=read_annotator_map(options.annotators) if options.annotators else {},
    )
    return Source(options.source, options.format, options.annotator, said, options.english)


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
    parser.add_argument("--accept-valid", action="store_true", help="leave faulty rows out")
    parser.add_argument(
        "--withdraw", action="store_true", help="retract what the file's annotators say in it"
    )
    parser.add_argument("--check", action="store_true", help="only say what is wrong")
    _add_what_is_said(parser.add_argument_group("what the file's fields and names mean"))
    return parser


def _add_what_is_said(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--annotator", default=UNNAMED, help="who, where a row does not say")
    group.add_argument(
        "--annotators", type=Path, metavar="CSV", help="lines of a name found and the name to keep"
    )
    group.add_argument("--text", metavar="NAME", help="the field that holds the sentence")
    group.add_argument(
        "--labels", metavar="NAME", help="the field, control or question with people's answers"
    )
    group.add_argument("--doc", metavar="NAME", help="the field that names the document")
    group.add_argument(
        "--map", type=parse_names, default={}, metavar="NAME=LABEL,…", help="names of labels"
    )
    group.add_argument(
        "--classes", type=_names, default=(), metavar="A,B,C", help="names behind numbers"
    )
    group.add_argument(
        "--keep", type=_names, default=(), metavar="A,B", help="fields that only resemble ours"
    )
    group.add_argument("--encoding", metavar="NAME", help="of the file's text (utf-8)")
    group.add_argument(
        "--english", action="store_true", help="every sentence is, whatever it looks like"
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))
