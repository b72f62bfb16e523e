"""What several commands share: arguments, what is read from them, and a message."""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from data.annotation.annotation import Annotation
from data.annotation.behaviour_suite import FOLDER
from data.annotation.files import read_annotations
from model.command_line import say
from model.registry.lock import Owner
from model.registry.registry import MODELS
from training.promotion.limits import LIMITS


def add_models(command: argparse.ArgumentParser) -> None:
    """Add the folder of trained models."""
    command.add_argument(
        "--models",
        type=Path,
        default=MODELS,
        metavar="FOLDER",
        help="the folder of trained models (default: %(default)s)",
    )


def add_measured(command: argparse.ArgumentParser) -> None:
    """Add further annotated files to report figures on; see `read_measured`."""
    command.add_argument(
        "--measure", type=Path, nargs="+", default=[], metavar="FILE", help="report figures on it"
    )
    command.add_argument("--by", metavar="FIELD", help="one measured set for each of its values")


def read_measured(options: argparse.Namespace) -> dict[str, list[Annotation]]:
    """Read the sets to report figures on, by name; without --by they are one set.

    Raises:
        InvalidData: with every fault of every file.
    """
    rows = judging(read_annotations(options.measure, unique=False))
    sets = group_by(rows, options.by)
    return {name or "measured": part for name, part in sets.items() if part}


def judging(annotations: Sequence[Annotation]) -> list[Annotation]:
    """Keep what may judge a model, and say how much may not."""
    kept = [each for each in annotations if each.judges]
    if anchored := len(annotations) - len(kept):
        say(f"{anchored:,} sentences were labelled with a model's answer in sight: left out")
    return kept


def group_by(annotations: Sequence[Annotation], field: str | None) -> dict[str, list[Annotation]]:
    """Group annotations by a field, known or not, as "field: value"; None makes one group, ""."""
    if field is None:
        return {"": list(annotations)}
    parts: defaultdict[str, list[Annotation]] = defaultdict(list)
    for annotation in annotations:
        value = getattr(annotation, field, None) or annotation.extra.get(field)
        parts[f"{field}: {value}"].append(annotation)
    return dict(sorted(parts.items()))


def add_gate(command: argparse.ArgumentParser) -> None:
    """Add what a candidate is compared on, its limits, and the reason for the history."""
    command.add_argument(
        "--gates", type=Path, default=LIMITS, metavar="TOML", help="the limits (%(default)s)"
    )
    command.add_argument(
        "--data",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="annotated JSONL files, whose test documents count (default: the corpus)",
    )
    command.add_argument(
        "--behaviour", type=Path, default=FOLDER, metavar="FOLDER", help="(%(default)s)"
    )
    command.add_argument("--reason", default="", metavar="TEXT", help="why, for the history")
    command.add_argument(
        "--force", action="store_true", help="promote whatever the gate says; needs --reason"
    )
    command.set_defaults(usage_error=command.error)


def check_reason(options: argparse.Namespace) -> None:
    """Refuse --force without --reason, as argparse refuses a faulty command line.

    Raises:
        SystemExit: with 2.
    """
    if options.force and not options.reason:
        options.usage_error("--force needs --reason TEXT, which the history keeps")


def tell_left(left: Owner | None, then: str) -> None:
    """Say that the run before was ended, if it was, and what that means for this one."""
    if left:
        say(f"the one before ({left}) was ended before it finished; {then}")
