"""Command line of training: `python -m training --help`."""

import argparse
import os
import signal
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from data.annotation import Annotation
from data.corpus import corpus_files, read_annotations
from data.split import split_annotations
from model.artifact import open_artifact
from model.errors import DemarcheError
from model.golden import open_proven
from training.evaluate import measure, predict
from training.pipeline import train
from training.recipe import RECIPES, read_recipe
from training.release import SHIPPED, release
from training.report import metrics_table

MODELS = Path("var/models")
_EXIT_CODES = "exit codes: 0 done, 2 usage, 3 invalid data or model, 7 not enough data, 130 stopped"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stop as Ctrl-C does, tidily
    try:
        options.run(options)
    except DemarcheError as error:
        _say(f"error: {error}", stream=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        _say("stopped: nothing was written", stream=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description="Train and measure stance models.",
        epilog=_EXIT_CODES,
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    command = commands.add_parser("train", help="train a candidate model", epilog=_EXIT_CODES)
    command.add_argument(
        "--data",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="annotated JSONL files (default: the corpus in data/annotations)",
    )
    command.add_argument(
        "--recipe",
        type=Path,
        default=RECIPES / "default.toml",
        metavar="TOML",
        help="what to train (default: %(default)s)",
    )
    command.add_argument(
        "--models",
        type=Path,
        default=MODELS,
        metavar="FOLDER",
        help="where the new model folder goes (default: %(default)s)",
    )
    command.set_defaults(run=_train)

    command = commands.add_parser(
        "evaluate", help="measure a model on annotated sentences", epilog=_EXIT_CODES
    )
    command.add_argument(
        "--data",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="annotated JSONL files (default: the corpus's test part)",
    )
    command.add_argument("--by", metavar="FIELD", help="one table for each value of this field")
    command.add_argument(
        "--model",
        type=Path,
        default=SHIPPED,
        metavar="FOLDER",
        help="the model folder (default: %(default)s)",
    )
    command.set_defaults(run=_evaluate)

    command = commands.add_parser("release", help="make a trained model the shipped one")
    command.add_argument("model", type=Path, help="a folder under var/models")
    command.set_defaults(run=_release)
    return parser


def _train(options: argparse.Namespace) -> None:
    recipe = read_recipe(options.recipe)
    annotations = read_annotations(options.data or corpus_files(), unique=True)
    artifact = train(annotations, recipe, options.models, say=_say)
    _say(artifact.manifest.provenance["table"])
    _say(f"\nmodel:  {artifact.folder}\nreport: {artifact.folder}/report/index.html")
    _say(f"try it: make serve MODEL={artifact.folder}")


def _evaluate(options: argparse.Namespace) -> None:
    classifier = open_proven(open_artifact(options.model))
    if options.data:
        annotations = read_annotations(options.data, unique=False)
    else:
        annotations = split_annotations(read_annotations(corpus_files(), unique=True)).test
    _say(f"model {classifier.manifest.version}, engine {classifier.manifest.engine}")
    for name, rows in _by(annotations, options.by).items():
        _say(f"\n{name}" if name else "")
        _say(metrics_table(measure(predict(classifier, rows))))


def _by(annotations: Sequence[Annotation], field: str | None) -> dict[str, list[Annotation]]:
    if field is None:
        return {"": list(annotations)}
    parts: defaultdict[str, list[Annotation]] = defaultdict(list)
    for annotation in annotations:
        value = getattr(annotation, field, None) or annotation.extra.get(field)
        parts[f"{field}: {value}"].append(annotation)
    return dict(sorted(parts.items()))


def _release(options: argparse.Namespace) -> None:
    artifact = release(options.model, SHIPPED)
    _say(f"{SHIPPED} is now version {artifact.manifest.version}")


def _say(text: str, *, stream: TextIO | None = None) -> None:
    print(text, file=stream or sys.stdout, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    sys.exit(main())
