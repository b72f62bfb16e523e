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
    export_hf_folder(open_artifact(options.model), options.to)
    say(f"pipeline('text-classification', '{options.to}', top_k=None) loads it")
