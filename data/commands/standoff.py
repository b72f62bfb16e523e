"""The command that puts stand-off labels and their texts together: `python -m data standoff join`.

TEXTS are files that hold the sentences: JSONL with a `text` a row, or plain text, one a line.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from data.annotation.annotation import Annotation
from data.annotation.output import check_output_file
from data.annotation.standoff import REAL, join, read_standoff, read_texts
from model.command_line import run, say
from model.durable import whole_file


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m data standoff",
        description=__doc__,
        epilog="exit codes: 0 done, 1 failed, 2 usage, 3 invalid data",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    command = commands.add_parser("join", help="write labels and texts as annotations")
    command.add_argument("texts", type=Path, nargs="+", metavar="TEXTS")
    command.add_argument("--labels", type=Path, nargs="+", default=REAL, metavar="FILE")
    command.add_argument("--to", type=Path, required=True, metavar="FILE", help="JSONL to write")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Join labels and texts; returns the exit code."""
    options = _parser().parse_args(arguments)
    return run(lambda: _join(options))


def _join(options: argparse.Namespace) -> None:
    check_output_file(options.to)
    texts = (text for path in options.texts for text in read_texts(path))
    labels = [label for path in options.labels for label in read_standoff(path)]
    joined = join(labels, texts)
    with whole_file(options.to) as file:
        file.writelines(map(_line, joined.annotations))
    say(
        f"{len(joined.annotations):,} annotations are in {options.to}; {joined.missing:,} labels "
        f"found no text, {joined.unlabelled:,} texts have no label"
    )
    say(f"train on them: make train DATA='data/corpus/annotations/*.jsonl {options.to}'")


def _line(annotation: Annotation) -> str:
    row = {
        "id": annotation.id,
        "doc": annotation.doc,
        **({"register": annotation.register} if annotation.register else {}),
        "text": annotation.text,
        "labels": list(annotation.labels),
        "hard": annotation.hard,
        **annotation.extra,
    }
    return json.dumps(row, ensure_ascii=False) + "\n"
