"""Command line of the benchmarks: `python -m benchmarks --help`."""

import argparse
import os
import sys
import time
import warnings
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.measure.machine import busy, describe_machine
from benchmarks.parts import PARTS
from benchmarks.report.sections import write_section
from model.artifact.folder import open_artifact
from model.command_line import run, say
from model.registry.registry import SHIPPED

_DOCUMENT, _QUICK_DOCUMENT = Path("docs/benchmarks.md"), Path("var/bench/quick.md")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks named, one after another; return the exit code."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    warnings.simplefilter("ignore")  # exporters warn so much that progress would not be seen
    return run(partial(_measure_all, options), stopped="stopped: what was finished is written")


def _measure_all(options: argparse.Namespace) -> None:
    if busy() and not options.quick:
        say("something else is running on this machine: the figures will be worse for it")
    machine = describe_machine()
    for part in options.parts:
        _measure(part, options, machine)


def _measure(part: str, options: argparse.Namespace, machine: str) -> None:
    """Measure one part, print its section and write it into docs/benchmarks.md."""
    title = PARTS[part].title
    say(f"{title}:")
    began = time.monotonic()
    body = PARTS[part].measure(open_artifact(options.model), options, say)
    minutes = (time.monotonic() - began) / 60
    body += f"\n\n`{command(part, options)}`, {minutes:.1f} min: {machine}"
    document = options.to or (_QUICK_DOCUMENT if options.quick else _DOCUMENT)
    write_section(document, title, body)
    say(f"\n{body}\n\nwritten into {document}\n")


def command(part: str, options: argparse.Namespace) -> str:
    """Return the command that measures a section again."""
    data = f" DATA={options.data.name}" if options.data else ""
    quick = " QUICK=1" if options.quick else ""
    minutes = f" MINUTES={options.minutes:g}" if part == "soak" and not options.quick else ""
    target = {"load": "bench-load", "soak": "soak"}.get(part, f"bench PARTS={part}")
    return f"make {target}{data}{minutes}{quick}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure speed and what it costs, in turns, as ratios; nothing is asserted.",
    )
    parser.add_argument("parts", nargs="+", choices=list(PARTS))
    parser.add_argument("--data", type=Path, help="labelled sentences (default: the corpus)")
    parser.add_argument("--model", type=Path, default=SHIPPED, help="(default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=20, help="of soak (default: %(default)s)")
    parser.add_argument("--to", type=Path, help=f"(default: {_DOCUMENT})")
    parser.add_argument(
        "--quick", action="store_true", help=f"only show that all runs; into {_QUICK_DOCUMENT}"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
