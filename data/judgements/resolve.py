"""Events to what is held about each sentence now; a pure function of the set of events."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from data.annotation.annotation import Annotation, parse_annotation
from data.judgements.event import Act, Event
from data.judgements.event_checks import JUDGING
from model.stance import STANCES, Stance


class Status(StrEnum):
    """How a sentence's labels came about."""

    ADJUDICATED = "adjudicated"
    AGREED = "agreed"  # for every label a majority says yes or no
    CONFLICT = "conflict"  # on some label as many say yes as no
    SKIPPED = "skipped"  # nobody could decide


@dataclass(frozen=True)
class Resolved:
    """One sentence and what its annotators make of it.

    Attributes:
        labels: what is decided; () means none, unless the status is CONFLICT or SKIPPED.
        disputed: the labels on which votes are equal.
        judgements: each annotator's newest label or skip, and newest adjudication, oldest first.
    """

    item: str
    status: Status
    labels: tuple[Stance, ...]
    disputed: tuple[Stance, ...]
    judgements: tuple[Event, ...]

    @property
    def origin(self) -> Event:
        """The judgement that says where the sentence is from: the first with a document."""
        return next((each for each in self.judgements if each.doc), self.judgements[0])

    @property
    def fingerprint(self) -> str:
        """sha256 of the judgements: another one whenever somebody judges anew."""
        ids = sorted(each.id for each in self.judgements)
        return hashlib.sha256("".join(ids).encode()).hexdigest()

    @property
    def usable(self) -> bool:
        """Whether a model may be trained or measured on it."""
        return self.status in (Status.ADJUDICATED, Status.AGREED)


def current_events(events: Iterable[Event]) -> list[Event]:
    """What each annotator stands by, oldest first.

    A label or skip replaces the annotator's earlier label or skip, an adjudication the earlier
    adjudication; retracting withdraws both. Acts of one moment are ordered by their ids.
    """
    standing: dict[tuple[str, str, bool], Event] = {}
    for event in sorted(events, key=lambda each: (each.at, each.id)):
        said = (event.item, event.annotator, False)
        decided = (event.item, event.annotator, True)
        gone = {Act.RETRACT: (said, decided), Act.ADJUDICATE: (decided,)}.get(event.act, (said,))
        for key in gone:
            standing.pop(key, None)  # so that what is put in again comes last
        if event.act != Act.RETRACT:
            standing[gone[0]] = event
    return list(standing.values())


def resolve(events: Iterable[Event]) -> list[Resolved]:
    """Every sentence that somebody stands by something about, oldest judgement first."""
    sentences: defaultdict[str, list[Event]] = defaultdict(list)
    for event in current_events(events):
        sentences[event.item].append(event)
    return [_resolve(item, tuple(judgements)) for item, judgements in sentences.items()]


def to_annotations(resolved: Iterable[Resolved]) -> list[Annotation]:
    """What a model may learn from: one annotation a sentence, conflicts and skips left out."""
    return [_to_annotation(each) for each in resolved if each.usable]


def count_statuses(resolved: Iterable[Resolved]) -> Mapping[Status, int]:
    """How many sentences have each status, zeros included."""
    counts = Counter(each.status for each in resolved)
    return {status: counts[status] for status in Status}


def _resolve(item: str, judgements: tuple[Event, ...]) -> Resolved:
    final = [each for each in judgements if each.act == Act.ADJUDICATE]
    if final:
        return Resolved(item, Status.ADJUDICATED, final[-1].labels, (), judgements)
    votes = [each.labels for each in judgements if each.act == Act.LABEL]
    if not votes:
        return Resolved(item, Status.SKIPPED, (), (), judgements)
    # the votes for a label less those against it
    margin = {stance: sum(1 if stance in vote else -1 for vote in votes) for stance in STANCES}
    disputed = tuple(stance for stance in STANCES if margin[stance] == 0)
    labels = tuple(stance for stance in STANCES if margin[stance] > 0)
    status = Status.CONFLICT if disputed else Status.AGREED
    return Resolved(item, status, labels, disputed, judgements)


def _to_annotation(resolved: Resolved) -> Annotation:
    origin = resolved.origin
    # holders and targets only from somebody who found exactly the labels that were decided
    agreeing = [
        each.details["stances"]
        for each in resolved.judgements
        if each.act in JUDGING and each.labels == resolved.labels
        if each.text == origin.text and "stances" in each.details
    ]
    row = {name: value for name, value in origin.details.items() if name != "stances"}
    row |= {"text": origin.text, "labels": list(resolved.labels)}
    row |= {"annotator": "+".join(sorted({each.annotator for each in resolved.judgements}))}
    row |= {k: v for k, v in (("doc", origin.doc), ("n", origin.n)) if v is not None}
    row |= {"stances": agreeing[-1]} if agreeing else {}
    return parse_annotation(row, file="annotation store", line=0)
