"""The command that shows how far the store's annotators agree: `make agreement ANNOTATIONS=1`."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from data.agreement.annotators import measure_annotators, shared_sentences
from data.agreement.annotators_report import annotators_page, annotators_table
from data.annotation.output import check_output_file
from data.store.existing_store import require_store
from data.store.location import default_location
from data.store.store import open_store
from model.command_line import run, say
from model.durable import replace_text

PAGE = Path("var/agreement.html")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m data annotators",
        description=__doc__,
        epilog="exit codes: 0 done, 1 the store failed or is not there, 2 usage, 7 no sentence "
        "was labelled by two",
    )
    place = default_location()
    parser.add_argument("--store", default=place, help="path or postgresql:// URL (%(default)s)")
    parser.add_argument("--page", type=Path, default=PAGE, help="the HTML to write (%(default)s)")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the agreement and write the page; returns the exit code."""
    options = _parser().parse_args(arguments)
    return run(lambda: _show(options))


def _show(options: argparse.Namespace) -> None:
    require_store(options.store)
    check_output_file(options.page)
    say("reading the store …", stream=sys.stderr)
    with closing(open_store(options.store)) as store:
        resolved = store.resolved()
    shared = shared_sentences(resolved)
    say(f"comparing {len(shared):,} sentences that several have labelled …", stream=sys.stderr)
    agreement = measure_annotators(shared)
    contested = [each for each in resolved if each.contrary]
    options.page.parent.mkdir(parents=True, exist_ok=True)
    replace_text(options.page, annotators_page(agreement, contested))
    say(annotators_table(agreement, contested))
    anchored = sum(bool(e.suggested_by) for each in resolved for e in each.votes)
    if anchored:
        say(f"{anchored:,} labels were given with a model's answer in sight, and do not count here")
    say(f"the same as a page: {options.page}")
