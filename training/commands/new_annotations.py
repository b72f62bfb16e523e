"""New annotation files into the store, all of them or none, for `retrain`."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime

from data.exchange.import_summary import import_summary
from data.exchange.importing import import_file, read_file
from data.judgements.rows_to_events import Intake
from data.store.store import AnnotationStore
from model.command_line import say
from model.errors import InvalidData


def read_all(options: argparse.Namespace) -> list[Intake]:
    """Read all files before anything is written.

    Raises:
        InvalidData: with every fault of every file; with --accept-valid faulty rows are left out.
    """
    intakes = [
        # a time each: of two files that contradict each other, the later one is newer
        read_file(
            path, format_name=options.format, annotator=options.annotator, now=datetime.now(UTC)
        )
        for path in options.annotations
    ]
    faults = [fault for intake in intakes for fault in intake.faults]
    if faults and not options.accept_valid:
        raise InvalidData(faults)
    return intakes


def import_all(intakes: Sequence[Intake], store: AnnotationStore, *, accept_valid: bool) -> None:
    """Import what was read, and say what was left out."""
    for intake in intakes:
        imported = import_file(intake, store, accept_valid=accept_valid)
        for fault in intake.faults:
            say(f"  {fault}")
        say(import_summary(imported, store))
