"""What an import came to, as text: what went in, what was left out and why, what to look at."""

from collections import Counter
from collections.abc import Iterator, Mapping

from data.annotation.row_checks import OTHER_WORDS
from data.exchange.importing import Imported
from data.judgements.event import Event
from data.judgements.resolve import count_statuses
from data.judgements.rows_to_events import Intake
from data.store.store import AnnotationStore
from data.store.withdrawal import Withdrawal

_EXAMPLES = 5
_WORDS_FOR_NOTHING = ("na", "nan", "n/a", "<na>", "nat", "none", "null", "nil")


def import_summary(imported: Imported, store: AnnotationStore) -> str:
    """What was done, and what the store holds now."""
    statuses = {str(k): v for k, v in count_statuses(store.resolved()).items()}
    lines = [*_lines(imported), f"the store holds {_counts(statuses)} sentences"]
    return "\n".join(lines)


def file_lines(intake: Intake) -> list[str]:
    """What is to be known of a file, whatever store it may go to."""
    return [*_left_out(intake), *_advice(intake.events)]


def withdrawal_lines(found: Withdrawal) -> Iterator[str]:
    """Say what of a file was not taken back, and why."""
    if found.absent:
        yield f"{found.absent:,} answers of the file are not in the store, or not any more"
    if found.elsewhere:
        yield (
            f"{found.elsewhere:,} answers of the file stay: another file, or their annotator "
            "elsewhere, says the same"
        )


def _lines(imported: Imported) -> Iterator[str]:
    intake, appended = imported.intake, imported.appended
    acts = Counter(str(event.act) for event in intake.events)
    yield (
        f"{len(intake.events):,} judgements read ({_counts(acts)}); {appended.added:,} are new, "
        f"{appended.known:,} were known; {intake.unanswered:,} tasks have no answer yet"
    )
    yield from _left_out(intake)
    if imported.repeated:
        yield (
            f"{imported.repeated:,} decided sentences of an export were left out: the store has "
            "what their annotators said"
        )
    if appended.outdated:
        yield (
            f"{appended.outdated:,} known rows say what their annotator has since changed or "
            "retracted; they change nothing: give `at` to say that they are newer"
        )
    yield from appended.notes
    yield from _advice(intake.events)


def _left_out(intake: Intake) -> Iterator[str]:
    if intake.faults:
        rows = {fault.line for fault in intake.faults}
        yield f"{len(rows):,} rows with {len(intake.faults):,} faults were left out"
    if intake.unkept:
        yield f"not kept, or to look at: {_counts(intake.unkept)}"
    if intake.renamed:
        told = ", ".join(f"{name} ({count:,})" for name, count in intake.renamed.items())
        yield f"annotators by the map: {told}"
    if intake.unused:
        more = f" and {len(intake.unused) - _EXAMPLES:,} more" * (len(intake.unused) > _EXAMPLES)
        names = ", ".join(map(repr, intake.unused[:_EXAMPLES]))
        yield f"names of the map that nobody in the file has: {names}{more}"


def _advice(events: list[Event]) -> Iterator[str]:
    nowhere = sum(event.doc is None for event in events)
    if nowhere:
        others = Counter(name for event in events for name in event.details if "doc" in name)
        hint = f" (DOC={next(iter(others))}?)" if others else ""
        yield (
            f"{nowhere:,} of {len(events):,} judgements name no document: without `doc`, or "
            f"DOC=field, sentences of one document can end up on both sides of the split{hint}"
        )
    yield from _advice_on_names(events)
    resembling = Counter(n for e in events for n in e.details if n in OTHER_WORDS)
    if resembling:
        yield f"fields that ride along and are not read as ours: {_counts(resembling)}"
    numbered = sorted({event.annotator for event in events if event.annotator.isdecimal()})
    if numbered:
        yield (
            f"annotators are numbers ({', '.join(numbered[:5])}): if other files name these people "
            "otherwise, say who they are with ANNOTATORS=map.csv, or they count twice"
        )


def _advice_on_names(events: list[Event]) -> Iterator[str]:
    """Point out names that are words for nobody and nothing elsewhere."""
    for what in ("annotator", "doc"):
        names = Counter(str(getattr(event, what)) for event in events if getattr(event, what))
        for name in sorted(name for name in names if name.casefold() in _WORDS_FOR_NOTHING):
            yield (
                f"{what} {name!r} ({names[name]:,} judgements) is kept as a name: if it stands for "
                "an empty cell, leave the cell empty"
            )


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items()) or "none"
