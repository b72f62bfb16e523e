"""Make a candidate live if it passes the gate."""

import argparse
from pathlib import Path

from data.annotation.behaviour_suite import read_behaviour
from data.annotation.files import corpus_files, read_annotations
from data.annotation.split import split_annotations
from model.command_line import say
from model.registry.lock import one_at_a_time
from model.registry.registry import Registry
from training.commands.arguments import add_gate, add_models, check_reason, judging, tell_left
from training.promotion.compare import EvaluationSet
from training.promotion.limits import read_limits
from training.promotion.promote import PromotionRequest, promote


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the candidate and what it is compared on."""
    command.description = (
        "Score a candidate and the live model on the same sentences, print the verdict of every "
        "rule, and make the candidate live if no rule fails."
    )
    command.add_argument("version", nargs="?", help="(default: the newest candidate)")
    command.add_argument(
        "--own",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="your own annotations that the candidate was not trained on",
    )
    add_gate(command)
    add_models(command)


def run(options: argparse.Namespace) -> None:
    """Compare a candidate with the live model, and replace that if no rule fails."""
    check_reason(options)
    limits = read_limits(options.gates)
    test = split_annotations(read_annotations(options.data or corpus_files(), unique=False)).test
    own = {"own": judging(read_annotations(options.own, unique=False))} if options.own else {}
    evaluation_set = EvaluationSet(test, own, read_behaviour(options.behaviour))
    registry = Registry(options.models)
    with one_at_a_time(registry.models, doing="promotion") as left:
        tell_left(left, "the live model is whole")
        request = PromotionRequest(options.version, options.reason, options.force)
        event = promote(registry, request, evaluation_set, limits, say=say)
    say(f"{event.after} is live ({event.action}); {event.before} was; back to it: make rollback")
