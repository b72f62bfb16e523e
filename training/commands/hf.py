"""Write a folder that transformers.pipeline loads."""

import argparse
from pathlib import Path

from model.artifact.folder import open_artifact
from model.command_line import say
from model.registry.registry import SHIPPED
from training.release.hf_folder import export_hf_folder


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the model, and the folder to write."""
    command.add_argument("to", type=Path, help="the folder to write")
    command.add_argument("--model", type=Path, default=SHIPPED, metavar="FOLDER")


def run(options: argparse.Namespace) -> None:
    """Write the folder and say how to load it."""
    artifact = open_artifact(options.model)
    export_hf_folder(artifact, options.to)
    if second := artifact.manifest.careful:
        say(
            "it holds the fast network alone, with the scores of effort fast; the careful one is "
            f"that of model {second.provenance['version']}"
        )
    say(f"pipeline('text-classification', '{options.to}', top_k=None) loads it")
