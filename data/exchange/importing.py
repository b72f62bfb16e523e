"""Annotations from files of other tools into the store: `make import FROM=file`.

Every faulty row is reported, with what would be right, and then nothing is written, unless it is
asked to take the valid rows. Importing a file again changes nothing. --withdraw takes a file back.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.exchange.formats.choose import format_named, format_of
from data.judgements.event import Act, Event
from data.judgements.event_checks import parse_time
from data.judgements.resolve import count_statuses
from data.judgements.rows_to_events import Intake, take_in
from data.store.location import UNNAMED
from data.store.store import AnnotationStore, Appended


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
