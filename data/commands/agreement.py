"""The command that shows how far the two readings of the corpus agree: `make agreement`."""

import argparse
from collections.abc import Sequence

from data.agreement.two_readers import (
    agreement_table,
    measure_agreement,
    read_pairs,
    readers_table,
)
from data.annotation.files import corpus_files, read_annotations
from model.command_line import run, say


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the agreement on the corpus; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m data agreement",
        description=__doc__,
        epilog="exit codes: 0 done, 2 usage, 3 invalid data",
    )
    parser.parse_args(arguments)
    return run(_show)


def _show() -> None:
    pairs = read_pairs(read_annotations(corpus_files(), unique=True))
    say(agreement_table(measure_agreement(pairs)))
    say(readers_table(pairs))
