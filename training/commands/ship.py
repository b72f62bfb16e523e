"""Commands that hand a trained model on."""

import argparse

from data.behaviour import read_behaviour
from data.corpus import corpus_files, read_annotations
from data.split import split_annotations
from model.artifact import open_artifact
from model.registry import SHIPPED
from training.commands.train import measured_sets, shipped_classifier
from training.document import Yardsticks
from training.pipeline import Say
from training.release import release as release_model
from training.stock import write_stock_copy
from training.study import read_study


def release(options: argparse.Namespace, say: Say) -> None:
    """Make a trained model the shipped one."""
    yardsticks = None
    if options.measure or options.study:
        fingerprint = open_artifact(options.model).manifest.provenance["data_fingerprint"]
        known = read_study(options.study, data_fingerprint=fingerprint) if options.study else None
        yardsticks = Yardsticks(
            measured_sets(options), read_behaviour(), shipped_classifier(), known
        )
    test = split_annotations(read_annotations(corpus_files(), unique=True)).test
    artifact = release_model(options.model, SHIPPED, test, yardsticks)
    say(f"{SHIPPED} is now version {artifact.manifest.version}")


def hf(options: argparse.Namespace, say: Say) -> None:
    """Write a folder that transformers loads."""
    write_stock_copy(open_artifact(options.model), options.to)
    say(f"pipeline('text-classification', '{options.to}', top_k=None) loads it")
