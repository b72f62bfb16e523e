"""Measure a model on annotated sentences."""

import argparse
from pathlib import Path

from data.annotation.behaviour_suite import read_behaviour
from data.annotation.files import corpus_files, read_annotations
from data.annotation.split import split_annotations
from model.artifact.folder import open_artifact
from model.command_line import say
from model.decide.second_opinion import Effort
from model.registry.registry import SHIPPED
from model.self_test import load_tested_classifier
from training.commands.arguments import group_by, judging
from training.measure.behaviour import behaviour_table, run_behaviour
from training.measure.evaluate import measure, predict
from training.report.tables import metrics_table


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the model and what to measure it on."""
    command.add_argument(
        "--data",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="annotated JSONL files (default: the corpus's test part, and the behavioural suite)",
    )
    command.add_argument("--by", metavar="FIELD", help="one table for each value of this field")
    command.add_argument(
        "--model",
        type=Path,
        default=SHIPPED,
        metavar="FOLDER",
        help="the model folder (default: %(default)s)",
    )
    command.add_argument(
        "--effort",
        type=Effort,
        choices=list(Effort),
        default=Effort.BALANCED,
        help="what a model with two networks asks twice (default: %(default)s)",
    )


def run(options: argparse.Namespace) -> None:
    """Print a table of metrics for each set; without --data the behavioural suite's too."""
    classifier = load_tested_classifier(open_artifact(options.model), effort=options.effort)
    if options.data:
        annotations = judging(read_annotations(options.data, unique=False))
    else:
        annotations = split_annotations(read_annotations(corpus_files(), unique=True)).test
    manifest, effort = classifier.manifest, classifier.effort
    say(f"model {manifest.version}, engine {manifest.engine}, effort {effort}")
    for name, rows in group_by(annotations, options.by).items():
        say(f"\n{name}" if name else "")
        say(metrics_table(measure(predict(classifier, rows))))
    if not options.data:
        say(f"\nbehaviour: {behaviour_table(run_behaviour(classifier, read_behaviour()))}")
