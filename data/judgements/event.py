"""One act of an annotator on one sentence. Acts are only ever added, never changed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from data.annotation.annotation import hash_of, item_of, row_faults
from data.judgements.details import writable
from data.judgements.event_checks import check_event_row, parse_time
from data.judgements.judgement_row import JUDGING
from data.judgements.person import normalised_name, person_of
from model.stance import STANCES, Stance

_OWN = ("text", "labels", "act", "annotator", "at", "doc", "n")
_ORIGIN = ("source", "selected_by", "suggested_by")


class Act(StrEnum):
    """What an annotator may do."""

    LABEL = "label"
    ADJUDICATE = "adjudicate"  # decide for everybody
    RETRACT = "retract"  # withdraw all of one's own on this sentence
    SKIP = "skip"  # cannot decide; not an answer


@dataclass(frozen=True)
class Event:
    """One act.

    Attributes:
        at: when, as UTC text with microseconds (see data.event_checks.parse_time).
        labels: the stances found, in their order; () with LABEL and ADJUDICATE means none of them.
        n: the sentence's place in its document `doc`.
        source: how it came in, such as "api" or "import:" and the file's sha256.
        selected_by: why the annotator got this sentence.
        suggested_by: the model version whose answer the annotator saw.
        details: the other fields of the row, known to data.annotation.row_checks or not. Of a
            retraction `withdraws` lists the ids of the events that it takes back, and no others;
            of an event that came again after that `restores` tells it from the one taken back.
        dated: whether `at` was given, rather than being when it arrived.
        written: the annotator's name as it was written, if that is not `annotator`.
        of_task: whether `at` is when anything of its task last changed, so that an answer that
            stands is not newer for it.
    """

    act: Act
    text: str
    annotator: str
    at: str
    labels: tuple[Stance, ...] = ()
    doc: str | None = None
    n: int | None = None
    source: str | None = None
    selected_by: str | None = None
    suggested_by: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    dated: bool = field(default=True, compare=False)
    written: str | None = field(default=None, compare=False)
    of_task: bool = field(default=False, compare=False)

    @cached_property
    def text_hash(self) -> str:
        """The sentence's words: sha256 of the normalised text."""
        return hash_of(self.text)

    @cached_property
    def item(self) -> str:
        """The sentence: its words in its document, if one is named."""
        return item_of(self.text_hash, self.doc)

    @cached_property
    def person(self) -> str:
        """The annotator, however the name is written."""
        return person_of(self.annotator)

    @property
    def withdraws(self) -> tuple[str, ...]:
        """The ids of the events that this retraction takes back; () takes back all of one's own."""
        return tuple(self.details.get("withdraws", ()))

    @cached_property
    def content(self) -> str:
        """What was said of which sentence by whom, as a sha256; when does not count."""
        said = [self.text_hash, self.act, self.labels, self.person, self.details.get("stances")]
        # only where there is one, so that the ids of the many events without one stay as they were
        place = [self.doc] if self.doc is not None else []
        return _digest(*said, *place, *([sorted(self.withdraws)] if self.withdraws else []))

    @cached_property
    def id(self) -> str:
        """The event: sha256 of its content and time, so that the same act twice is one."""
        again = self.details.get("restores")
        return _digest(self.content, self.at, *([again] if again else []))


def parse_event(
    row: object,
    *,
    file: str,
    line: int,
    now: datetime,
    source: str | None = None,
    annotator: str | None = None,
) -> Event:
    """Turn a parsed row into an Event; without `at` it happened now.

    `source` and `annotator` are for a row that names none.

    Raises:
        RowFaults: with one Fault for everything wrong in the row.
    """
    if not isinstance(row, dict):
        raise row_faults([("row", "type", row, "a JSON object")], file=file, line=line)
    row = {name: value for name, value in row.items() if value is not None or name == "labels"}
    filled = {"annotator": annotator} if annotator and "annotator" not in row else {}
    row = {**filled, **row}
    if problems := check_event_row(row, now=now, filled=filled):
        raise row_faults(problems, file=file, line=line)
    act = Act(row.get("act", "label"))
    named = row["labels"] if act in JUDGING else ()
    return Event(
        act=act,
        text=row["text"],
        annotator=normalised_name(row["annotator"]),
        at=parse_time(row.get("at", now.isoformat())),
        labels=tuple(stance for stance in STANCES if stance in named),
        doc=row.get("doc"),
        n=row.get("n"),
        source=row.get("source", source),
        selected_by=row.get("selected_by"),
        suggested_by=row.get("suggested_by"),
        details={k: v for k, v in row.items() if k not in (*_OWN, *_ORIGIN)},
        dated="at" in row,
        written=row["annotator"],
    )


def event_row(event: Event) -> dict[str, Any]:
    """Make the canonical row, which `parse_event` turns into the same event again.

    Details that no file can hold are written out: a lone surrogate as its escape, NaN as text. They
    are refused now; a store from before may have some, and an export must not break on them.
    """
    row: dict[str, Any] = {"text": event.text}
    if event.act in JUDGING:
        row["labels"] = [str(label) for label in event.labels]
    if event.act != Act.LABEL:
        row["act"] = str(event.act)
    optional = {name: getattr(event, name) for name in ("doc", "n", *_ORIGIN)}
    given = {name: value for name, value in optional.items() if value is not None}
    details = {writable(name): writable(value) for name, value in event.details.items()}
    return {**row, "annotator": event.annotator, "at": event.at, **given, **details}


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
