"""`python -m serve score`: score a file of documents."""

import argparse
from pathlib import Path
from typing import Any

from tqdm import tqdm

from model.artifact.folder import open_artifact
from model.command_line import EXIT_CODES, say
from model.decide.second_opinion import Effort
from model.registry.registry import MODELS, Registry
from model.self_test import load_tested_classifier
from serve.archive.score import read_documents, score_documents


def add_parser(commands: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Add the command and its options."""
    command = commands.add_parser("score", help="score a file of documents", epilog=EXIT_CODES)
    command.add_argument("input", type=Path, help=".jsonl with id and text a row, or a .txt")
    command.add_argument("output", type=Path, help="the .jsonl to write, one sentence a row")
    command.add_argument("--model", type=Path, metavar="FOLDER", help="(default: the live model)")
    command.add_argument(
        "--models", type=Path, default=MODELS, metavar="FOLDER", help="the registry (%(default)s)"
    )
    command.add_argument(
        "--effort",
        choices=list(Effort),
        type=Effort,
        help="what a model with two networks asks twice: nothing (fast), what it doubts "
        "(balanced, the default), every sentence (careful)",
    )
    command.set_defaults(run=run_score)


def run_score(options: argparse.Namespace) -> None:
    """Score every document with the model named, or the live one."""
    documents = read_documents(options.input)
    artifact = open_artifact(options.model or Registry(options.models).live())
    effort = options.effort or Effort.BALANCED
    classifier = load_tested_classifier(artifact, gpu=True, effort=effort)
    total = sum(len(document.text) for document in documents)
    with tqdm(total=total, unit=" characters", unit_scale=True) as bar:
        count = score_documents(documents, classifier, options.output, on_characters=bar.update)
    if options.effort and options.effort is not classifier.effort:
        say(f"effort {classifier.effort}: the model has one network")
    say(f"{count:,} sentences of {len(documents):,} documents are in {options.output}")
