"""The command that promotes a candidate through the gate."""

import argparse
from collections.abc import Callable

from data.annotation.behaviour_suite import read_behaviour
from data.annotation.files import corpus_files, read_annotations
from data.annotation.split import split_annotations
from model.registry.lock import one_at_a_time
from model.registry.registry import Registry
from training.promotion.compare import Exam
from training.promotion.limits import read_gates
from training.promotion.promote import Proposal
from training.promotion.promote import promote as promote_candidate

Say = Callable[[str], None]


def promote(options: argparse.Namespace, say: Say) -> None:
    """Compare a candidate with the live model, and replace that if no rule fails."""
    gates = read_gates(options.gates)
    test = split_annotations(read_annotations(options.data or corpus_files(), unique=False)).test
    own = {"own": read_annotations(options.own, unique=False)} if options.own else {}
    cases = read_behaviour(options.behaviour)
    registry = Registry(options.models)
    with one_at_a_time(registry.models, doing="promotion") as left:
        if left:
            say(f"the one before ({left}) was ended before it finished; the live model is whole")
        proposal = Proposal(options.version, options.reason, options.force)
        event = promote_candidate(registry, proposal, Exam(test, own, cases), gates, say=say)
    say(f"{event.after} is live ({event.action}); {event.before} was; back to it: make rollback")
