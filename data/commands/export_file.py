"""The command that gives annotations to other tools: `make export TO=file`.

Importing the file into an empty store gives the same sentences with the same labels, conflicts and
judgements. With --resolved it is one row a sentence instead, as training reads them.
"""

import argparse
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from data.annotation.output import check_output_file
from data.exchange.annotator_map import read_annotator_map
from data.exchange.exporting import export_judgements, export_resolved
from data.exchange.formats.choose import FORMATS
from data.judgements.resolve import decided_both_ways
from data.store.existing_store import require_store
from data.store.location import default_location
from data.store.store import open_store
from model.command_line import run, say

_NO_USERS = (
    "Argilla takes responses only of users that it knows by their ids: without USERS=users.csv "
    "(lines of an annotator and a user id) answers stand in the records' metadata"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Export the store; returns the exit code."""
    options = _parser().parse_args(arguments)
    return run(lambda: _export(options))


def _export(options: argparse.Namespace) -> None:
    require_store(options.store)
    check_output_file(options.to)
    to, name, overwrite = options.to, options.format, options.overwrite
    users = read_annotator_map(options.users) if options.users else None
    with closing(open_store(options.store)) as store:
        if options.resolved:
            count = export_resolved(store, to, format_name=name, overwrite=overwrite)
            say(f"{count:,} sentences are in {to}")
            if both := len(decided_both_ways(store.resolved())):
                say(f"{both:,} are left out: another document decides the same words otherwise")
            return
        count = export_judgements(store, to, format_name=name, users=users, overwrite=overwrite)
    say(f"{count:,} judgements are in {to}")
    if name == "argilla" and users is None:
        say(_NO_USERS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m data export",
        description=__doc__,
        epilog="exit codes: 0 done, 1 the store failed or is not there, 2 usage",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("to", type=Path, metavar="TO", help="the file, or new folder, to write")
    written = ", ".join(name for name, form in FORMATS.items() if form.write)
    parser.add_argument("--format", help=f"one of {written}; default: by the ending")
    place = default_location()
    parser.add_argument("--store", default=place, help="path or postgresql:// URL (%(default)s)")
    parser.add_argument("--resolved", action="store_true", help="one row a sentence, for training")
    parser.add_argument("--overwrite", action="store_true", help="replace a file that differs")
    parser.add_argument(
        "--users", type=Path, metavar="CSV", help="lines of an annotator and an id in Argilla"
    )
    return parser
