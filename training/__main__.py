"""Command line of training: `python -m training --help`."""

import argparse
import os
import signal
import sys
from collections import defaultdict
from collections.abc import Sequence
from typing import TextIO

from data.annotation import Annotation
from data.behaviour import read_behaviour
from data.corpus import corpus_files, read_annotations
from data.split import split_annotations
from data.standoff import read_texts
from model.artifact import CARD, COMPLETE, open_artifact
from model.classifier import StanceClassifier
from model.errors import DemarcheError
from model.golden import open_proven
from training.arguments import make_parser
from training.behaviour import behaviour_table, run_behaviour
from training.document import Yardsticks
from training.evaluate import measure, predict
from training.pipeline import Material, study, train
from training.provenance import data_fingerprint
from training.recipe import read_recipe
from training.release import SHIPPED, release
from training.stock import write_stock_copy
from training.study import read_study, write_study
from training.tables import metrics_table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    options = make_parser(_COMMANDS).parse_args(arguments)
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


def _train(options: argparse.Namespace) -> None:
    recipe, material = read_recipe(options.recipe), _material(options)
    measured = _measured(options)
    study = None
    if options.study:
        study = read_study(options.study, data_fingerprint=data_fingerprint(material.split()))
    yardsticks = Yardsticks(measured, read_behaviour(), _shipped(), study)
    artifact = train(material, recipe, options.models, yardsticks, say=_say)
    _say((artifact.folder / CARD).read_text(encoding="utf-8"))
    _say(f"\nmodel:  {artifact.folder}\nreport: {artifact.folder}/report/index.html")
    _say(f"try it: make serve MODEL={artifact.folder}")


def _study(options: argparse.Namespace) -> None:
    recipe, material = read_recipe(options.recipe), _material(options)
    write_study(study(material, recipe, _measured(options), say=_say), options.to)
    _say(f"study: {options.to}; report it: python -m training train --study {options.to} …")


def _material(options: argparse.Namespace) -> Material:
    own = options.data or corpus_files()
    everything = read_annotations([*own, *options.extra], unique=True)
    count = len(read_annotations(own, unique=True))
    unlabelled = [text for path in getattr(options, "unlabelled", []) for text in read_texts(path)]
    return Material(everything[:count], everything[count:], unlabelled)


def _measured(options: argparse.Namespace) -> dict[str, list[Annotation]]:
    rows = read_annotations(options.measure, unique=False)
    return {name or "measured": part for name, part in _by(rows, options.by).items() if part}


def _shipped() -> StanceClassifier | None:
    return open_proven(open_artifact(SHIPPED)) if (SHIPPED / COMPLETE).exists() else None


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
    if not options.data:
        _say(f"\nbehaviour: {behaviour_table(run_behaviour(classifier, read_behaviour()))}")


def _by(annotations: Sequence[Annotation], field: str | None) -> dict[str, list[Annotation]]:
    if field is None:
        return {"": list(annotations)}
    parts: defaultdict[str, list[Annotation]] = defaultdict(list)
    for annotation in annotations:
        value = getattr(annotation, field, None) or annotation.extra.get(field)
        parts[f"{field}: {value}"].append(annotation)
    return dict(sorted(parts.items()))


def _release(options: argparse.Namespace) -> None:
    yardsticks = None
    if options.measure or options.study:
        fingerprint = open_artifact(options.model).manifest.provenance["data_fingerprint"]
        study = read_study(options.study, data_fingerprint=fingerprint) if options.study else None
        yardsticks = Yardsticks(_measured(options), read_behaviour(), _shipped(), study)
    test = split_annotations(read_annotations(corpus_files(), unique=True)).test
    artifact = release(options.model, SHIPPED, test, yardsticks)
    _say(f"{SHIPPED} is now version {artifact.manifest.version}")


def _hf(options: argparse.Namespace) -> None:
    write_stock_copy(open_artifact(options.model), options.to)
    _say(f"pipeline('text-classification', '{options.to}', top_k=None) loads it")


def _say(text: str, *, stream: TextIO | None = None) -> None:
    print(text, file=stream or sys.stdout, flush=True)


_COMMANDS = {
    "train": _train,
    "study": _study,
    "evaluate": _evaluate,
    "release": _release,
    "hf": _hf,
}


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    sys.exit(main())
