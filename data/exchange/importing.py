"""Annotations from files of other tools into the store: `make import FROM=file`.

Every faulty row is reported, with what would be right, and then nothing is written, unless it is
asked to take the valid rows. Importing a file again changes nothing. --withdraw takes a file back.
"""

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from data.exchange.formats.choose import FORMATS, format_named, format_of
from data.judgements.event import Act, Event
from data.judgements.event_checks import parse_time
from data.judgements.resolve import count_statuses
from data.judgements.rows_to_events import Intake, take_in
from data.store.location import UNNAMED, default_location
from data.store.store import AnnotationStore, Appended, open_store
from model.errors import DemarcheError


@dataclass(frozen=True)
class Imported:
    """What a file came to, and what the store made of it."""

    intake: Intake
    appended: Appended


def read_file(
    path: Path, *, format_name: str | None = None, annotator: str = UNNAMED, now: datetime
) -> Intake:
    """Read a file or folder of any known format, whole.

    Raises:
        InvalidData: it cannot be read at all, or has no rows of the format's form.
        FormatUnknown: no format has that name, or looks like the file.
    """
    chosen = format_named(format_name or format_of(path))
    source = f"import:{_digest(path)}"
    return take_in(chosen.read(path), file=str(path), now=now, annotator=annotator, source=source)


def import_file(intake: Intake, store: AnnotationStore, *, accept_valid: bool = False) -> Imported:
    """Store what was read, all or nothing.

    Raises:
        InvalidData: there are faults, and it was not asked to take what is valid.
        StoreError: the store cannot be written.
    """
    return Imported(intake, store.append(intake.taken(accept_valid=accept_valid)))


def withdrawals(events: Sequence[Event], *, now: datetime) -> list[Event]:
    """What takes back the answers of a file: a retraction of each, by whoever gave it.

    With it goes all that the annotator said of the sentence, before the file and after it.
    """
    at = parse_time(now.isoformat())
    return [
        Event(
            Act.RETRACT, each.text, each.annotator, at, doc=each.doc, n=each.n, source=each.source
        )
        for each in {(each.item, each.annotator): each for each in events}.values()
    ]


def import_summary(imported: Imported, store: AnnotationStore) -> str:
    """What was done, and what the store holds now, as text."""
    intake, appended = imported.intake, imported.appended
    acts = Counter(str(event.act) for event in intake.events)
    rows = {fault.line for fault in intake.faults}
    lines = [
        f"{len(intake.events):,} judgements read ({_counts(acts)}); {appended.added:,} are new, "
        f"{appended.known:,} were known; {intake.unanswered:,} tasks have no answer yet"
    ]
    if rows:
        lines.append(f"{len(rows):,} rows with {len(intake.faults):,} faults were left out")
    if appended.outdated:
        lines.append(
            f"{appended.outdated:,} known rows say what their annotator has since changed; they "
            "change nothing: give `at` to say that they are newer"
        )
    statuses = {str(k): v for k, v in count_statuses(store.resolved()).items()}
    return "\n".join([*lines, f"the store holds {_counts(statuses)} sentences"])


def _counts(counts: dict[str, int] | Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items()) or "none"


def _digest(path: Path) -> str:
    """Sixteen hexadecimal digits that say which file it was."""
    digest = hashlib.sha256()
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    for file in files:
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m data.exchange.importing",
        description=__doc__,
        epilog="exit codes: 0 done, 1 the store failed, 2 usage, 3 invalid data",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", type=Path, metavar="FROM", help="the file or folder to import")
    known = ", ".join(FORMATS)
    parser.add_argument("--format", help=f"one of {known}; default: as it looks")
    place = default_location()
    parser.add_argument("--store", default=place, help="path or postgresql:// URL (%(default)s)")
    parser.add_argument("--annotator", default=UNNAMED, help="who, where a row does not say")
    parser.add_argument("--accept-valid", action="store_true", help="leave faulty rows out")
    parser.add_argument(
        "--withdraw", action="store_true", help="retract what the file's annotators say in it"
    )
    parser.add_argument("--check", action="store_true", help="only say what is wrong")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Import a file; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        intake = read_file(
            options.source,
            format_name=options.format,
            annotator=options.annotator,
            now=datetime.now(UTC),
        )
        if options.check:
            events = intake.taken(accept_valid=options.accept_valid)
            print(f"{len(events):,} judgements can be imported")
            return 0
        intake.taken(accept_valid=options.accept_valid)  # before a store is made for nothing
        if options.withdraw:
            events = withdrawals(intake.events, now=datetime.now(UTC))
            intake = replace(intake, events=events)
        with closing(open_store(options.store)) as store:
            imported = import_file(intake, store, accept_valid=options.accept_valid)
            for fault in intake.faults:
                print(f"  {fault}", file=sys.stderr)
            print(import_summary(imported, store))
    except DemarcheError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
