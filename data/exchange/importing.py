"""Annotations from files of other tools into the store.

Importing a file again changes nothing. What a file says and the store has no place for is counted.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from data.annotation.row_checks import looks_foreign
from data.exchange.annotator_map import Renaming, renamed
from data.exchange.formats.choose import format_named
from data.exchange.formats.detect import format_of
from data.exchange.formats.fields.options import ReadOptions
from data.exchange.formats.fields.rows import RIDING, without
from data.judgements.event import Event
from data.judgements.person import person_of
from data.judgements.rows_to_events import Intake, SourceRow, parse_rows
from data.store.location import IMPORTED, UNNAMED
from data.store.store import AnnotationStore, Appended
from data.store.withdrawal import Withdrawal

RESOLVED = "resolved"  # in rows of one decided sentence: how it was decided


@dataclass(frozen=True)
class Imported:
    """What a file came to, and what the store made of it.

    Attributes:
        repeated: decided sentences that were left out, as the store has the answers behind them.
    """

    intake: Intake
    appended: Appended
    repeated: int = 0


@dataclass(frozen=True)
class Source:
    """A file and what was said about it.

    Attributes:
        english: whether sentences that do not look it are English all the same.
    """

    path: Path
    format_name: str | None = None
    annotator: str = UNNAMED
    options: ReadOptions = field(default_factory=ReadOptions)
    english: bool = False


def read_file(
    path: Path, *, format_name: str | None = None, annotator: str = UNNAMED, now: datetime
) -> Intake:
    """Read a file or folder of any known format, whole, with nothing said about it.

    Raises:
        InvalidData: it cannot be read at all, or has no rows of the format's form.
        FormatUnknown: no format has that name, or looks like the file.
    """
    return read_source(Source(path, format_name, annotator), now=now)


def read_source(source: Source, *, now: datetime) -> Intake:
    """Read a file or folder of any known format, whole.

    Raises:
        InvalidData: it cannot be read at all, or has no rows of the format's form.
        FormatUnknown: no format has that name, or looks like the file.
    """
    path, options = source.path, source.options
    chosen = format_named(source.format_name or format_of(path, options))
    done = Renaming()
    rows: Iterable[SourceRow] = renamed(chosen.read(path, options), options.map, done)
    if options.keep:
        rows = _riding(rows, options.keep)
    if source.english:
        rows = _marked_english(rows)
    origin = f"{IMPORTED}{_digest(path)}"
    intake = parse_rows(rows, file=str(path), now=now, annotator=source.annotator, source=origin)
    idle = tuple(line for line in options.people if line not in done.used)
    return replace(intake, renamed=done.told, unused=idle, origin=origin)


def import_file(intake: Intake, store: AnnotationStore, *, accept_valid: bool = False) -> Imported:
    """Store what was read, all or nothing.

    A decided sentence of an export is no further vote where the store holds the votes themselves.

    Raises:
        InvalidData: there are faults, and it was not asked to take what is valid.
        StoreError: the store cannot be written.
    """
    events = named_by_file(intake.taken(accept_valid=accept_valid), intake.origin)
    new = _without_repeated(events, store)
    return Imported(intake, store.append(new, file=intake.origin), len(events) - len(new))


def find_withdrawal(intake: Intake, store: AnnotationStore, *, now: datetime) -> Withdrawal:
    """Find what a file says and nobody else does; nothing is changed.

    Raises:
        StoreError: the store cannot be read.
    """
    events = named_by_file(intake.events, intake.origin)
    return store.withdrawals(events, now=now, file=intake.origin)


def withdraw_file(intake: Intake, store: AnnotationStore, found: Withdrawal) -> Imported:
    """Take back what was found, all or nothing.

    Raises:
        StoreError: the store cannot be written.
    """
    appended = store.append(found.events, file=intake.origin, released=found.released)
    return Imported(replace(intake, events=found.events), appended)


def named_by_file(events: Iterable[Event], file: str | None = None) -> list[Event]:
    """Give rows that name no annotator one for each file: two such files are not by one person."""
    return [
        replace(each, annotator=f"{UNNAMED}-{_short(file or each.source)}", written=None)
        if each.person == UNNAMED
        else each
        for each in events
    ]


def _short(source: str | None) -> str:
    return hashlib.sha256(str(source).encode()).hexdigest()[:8]


def _riding(rows: Iterable[SourceRow], names: Sequence[str]) -> Iterator[SourceRow]:
    """Put fields of these names where those of other tools ride, so that they come back alike."""
    for row in rows:
        fields = row.fields
        if isinstance(fields, Mapping) and (kept := {n: fields[n] for n in names if n in fields}):
            beside = fields.get(RIDING)
            data = {**(beside if isinstance(beside, Mapping) else {}), **kept}
            yield replace(row, fields={**without(fields, *names), RIDING: data})
        else:
            yield row


def _marked_english(rows: Iterable[SourceRow]) -> Iterator[SourceRow]:
    """Say of each sentence that does not look English that it is."""
    for row in rows:
        fields = row.fields
        text = fields.get("text") if isinstance(fields, Mapping) else None
        if isinstance(fields, Mapping) and isinstance(text, str) and looks_foreign(text):
            yield replace(row, fields={**fields, "language": "en"})
        else:
            yield row


def _without_repeated(events: Sequence[Event], store: AnnotationStore) -> Sequence[Event]:
    decided = {each.text_hash for each in events if RESOLVED in each.details}
    if not decided:
        return events
    held: defaultdict[str, set[str]] = defaultdict(set)
    for each in store.about_texts(decided):
        held[each.origin.text_hash] |= {event.person for event in each.judgements}
    return [
        each
        for each in events
        if RESOLVED not in each.details
        or held[each.text_hash].isdisjoint(map(person_of, each.annotator.split("+")))
        or each.person in held[each.text_hash]
    ]


def _digest(path: Path) -> str:
    """Sixteen hexadecimal digits that say which file it was."""
    digest = hashlib.sha256()
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    for file in files:
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
