"""The command that shows what the corpus, or a file, is made of: `make data`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from data.annotation.composition import composition, leakage, variety
from data.annotation.files import corpus_files, read_annotations
from data.annotation.standoff import read_texts
from model.command_line import run, say


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m data composition",
        description=__doc__,
        epilog="exit codes: 0 done, 2 usage, 3 invalid data",
    )
    parser.add_argument("files", type=Path, nargs="*", help="annotations (default: the corpus)")
    parser.add_argument("--texts", type=Path, help="other sentences to compare the variety with")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the composition; returns the exit code."""
    options = _parser().parse_args(arguments)
    return run(lambda: _show(options))


def _show(options: argparse.Namespace) -> None:
    annotations = read_annotations(options.files or corpus_files(), unique=True)
    say(composition(annotations))
    say(f"variety: {variety(each.text for each in annotations)}")
    if options.texts:
        say(f"{options.texts}: {variety(read_texts(options.texts))}")
    say(leakage(annotations))
