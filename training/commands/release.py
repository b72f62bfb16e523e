"""Make a trained model the shipped one."""

import argparse
from pathlib import Path

from data.annotation.files import corpus_files, read_annotations
from data.annotation.split import split_annotations
from model.artifact.folder import open_artifact
from model.command_line import say
from model.registry.registry import SHIPPED
from training.commands.arguments import add_measured, read_measured
from training.commands.evaluation_plan import read_evaluation_plan
from training.release.shipped import release


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the model, and what to measure for a new report."""
    command.add_argument("model", type=Path, help="a folder under var/models")
    command.add_argument("--study", type=Path, metavar="FILE", help="write the report anew with it")
    add_measured(command)


def run(options: argparse.Namespace) -> None:
    """Replace the shipped model; with --measure or --study its report is written anew."""
    evaluation = None
    if options.measure or options.study:
        fingerprint = open_artifact(options.model).manifest.provenance["data_fingerprint"]
        measured = read_measured(options)
        evaluation = read_evaluation_plan(options, measured, data_fingerprint=fingerprint)
    test = split_annotations(read_annotations(corpus_files(), unique=True)).test
    artifact = release(options.model, SHIPPED, test, evaluation)
    say(f"{SHIPPED} is now version {artifact.manifest.version}")
