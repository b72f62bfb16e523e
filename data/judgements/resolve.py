"""Resolve events to what is held about each sentence now.

A function of the events and of the order in which they came. The order decides only between two
answers that one annotator gave at one moment: the later to come holds, as of a corrected file.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from data.annotation.annotation import SUGGESTED_BY, Annotation, item_of, parse_annotation
from data.judgements.event import Act, Event
from data.judgements.judgement_row import JUDGING
from data.judgements.standing import bearing_on, current_events
from model.stance import STANCES, Stance


class Status(StrEnum):
    """How a sentence's labels came about."""

    ADJUDICATED = "adjudicated"
    AGREED = "agreed"  # for every label a majority says yes or no, and somebody gave that answer
    CONFLICT = "conflict"
    SKIPPED = "skipped"  # nobody could decide


@dataclass(frozen=True)
class Resolved:
    """One sentence and what its annotators make of it.

    Attributes:
        item: the sentence; see data.annotation.annotation.item_of.
        labels: what is decided; () means none, unless the status is CONFLICT or SKIPPED.
        disputed: the labels that the conflict is about.
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
        """The sha256 of the judgements; it changes whenever somebody judges anew."""
        ids = sorted(each.id for each in self.judgements)
        return hashlib.sha256("".join(ids).encode()).hexdigest()

    @property
    def usable(self) -> bool:
        """Whether a model may be trained or measured on it."""
        return self.status in (Status.ADJUDICATED, Status.AGREED)

    @property
    def anchored_by(self) -> str | None:
        """The model whose answer was in sight of those who decided; None: others decided alike.

        Without the judgements that followed a suggestion the sentence is decided, and the same way.
        """
        seen = [each for each in self.judgements if each.suggested_by and each.act in JUDGING]
        if not seen:
            return None
        blind = tuple(each for each in self.judgements if not each.suggested_by)
        alone = _resolve(self.item, blind) if blind else None
        same = alone is not None and alone.usable and alone.labels == self.labels
        return None if same else seen[-1].suggested_by

    @property
    def votes(self) -> tuple[Event, ...]:
        """The labels given, one of each annotator."""
        return tuple(each for each in self.judgements if each.act == Act.LABEL)

    @property
    def contrary(self) -> tuple[Event, ...]:
        """Labels given after the adjudication that differ from it; it stands all the same."""
        if self.status != Status.ADJUDICATED:
            return ()
        decided = max(each.at for each in self.judgements if each.act == Act.ADJUDICATE)
        return tuple(e for e in self.votes if e.at > decided and e.labels != self.labels)


def resolve(events: Iterable[Event]) -> list[Resolved]:
    """Resolve every sentence that somebody stands by something about, oldest judgement first."""
    texts: defaultdict[str, list[Event]] = defaultdict(list)
    for event in current_events(events):
        texts[event.text_hash].append(event)
    found = [each for text_hash, said in texts.items() for each in _sentences(text_hash, said)]
    return sorted(found, key=lambda each: each.judgements[0].at)


def to_annotations(resolved: Iterable[Resolved]) -> list[Annotation]:
    """Make what a model may learn from: each decided text once; conflicts and skips are left out.

    A text that stands in several documents is learnt once, in the first of them: a copy in another
    part of the split would flatter the model. Where their labels differ, the words alone do not
    say which is right, and it is left out: `decided_both_ways` lists these.
    """
    return [annotation_of(each) for each in learnable(resolved)]


def learnable(resolved: Iterable[Resolved]) -> list[Resolved]:
    """List the sentences that `to_annotations` makes annotations of."""
    return [same[0] for same in _by_text(resolved) if _agree(same)]


def decided_both_ways(resolved: Iterable[Resolved]) -> list[Resolved]:
    """List the sentences that are decided otherwise in another document; none is learnt from."""
    return [each for same in _by_text(resolved) if not _agree(same) for each in same]


def count_statuses(resolved: Iterable[Resolved]) -> Mapping[Status, int]:
    """Count the sentences of each status, zeros included."""
    counts = Counter(each.status for each in resolved)
    return {status: counts[status] for status in Status}


def _sentences(text_hash: str, said: Sequence[Event]) -> Iterable[Resolved]:
    """Resolve a text in each document named; what names no document is about it in all of them."""
    docs = dict.fromkeys(each.doc for each in said if each.doc is not None)
    for doc in docs or (None,):
        yield _resolve(item_of(text_hash, doc), bearing_on(doc, said))


def _resolve(item: str, judgements: tuple[Event, ...]) -> Resolved:
    final = [each for each in judgements if each.act == Act.ADJUDICATE]
    votes = [frozenset(each.labels) for each in judgements if each.act == Act.LABEL]
    if final:
        newest = {frozenset(each.labels) for each in final if each.at == final[-1].at}
        if len(newest) == 1:
            return Resolved(item, Status.ADJUDICATED, final[-1].labels, (), judgements)
        return Resolved(item, Status.CONFLICT, (), _differing(newest), judgements)
    if not votes:
        return Resolved(item, Status.SKIPPED, (), (), judgements)
    # the votes for a label less those against it
    margin = {stance: sum(1 if stance in vote else -1 for vote in votes) for stance in STANCES}
    labels = tuple(stance for stance in STANCES if margin[stance] > 0)
    disputed = tuple(stance for stance in STANCES if margin[stance] == 0)
    if not disputed and frozenset(labels) not in votes:
        # three who say one label each make no majority for "none": nobody gave that answer
        disputed = _differing(votes)
    status = Status.CONFLICT if disputed else Status.AGREED
    return Resolved(item, status, labels, disputed, judgements)


def _differing(answers: Iterable[frozenset[Stance]]) -> tuple[Stance, ...]:
    """List the stances that some answers have and others do not."""
    given = list(answers)
    return tuple(stance for stance in STANCES if len({stance in each for each in given}) > 1)


def _by_text(resolved: Iterable[Resolved]) -> list[list[Resolved]]:
    texts: defaultdict[str, list[Resolved]] = defaultdict(list)
    for each in resolved:
        if each.usable:
            texts[each.origin.text_hash].append(each)
    return list(texts.values())


def _agree(same: Sequence[Resolved]) -> bool:
    return len({each.labels for each in same}) == 1


def annotation_of(resolved: Resolved) -> Annotation:
    """Make the annotation of a decided sentence."""
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
    people = {each.person: each.annotator for each in reversed(resolved.judgements)}
    row |= {"annotator": "+".join(sorted(people.values()))}
    row |= {k: v for k, v in (("doc", origin.doc), ("n", origin.n)) if v is not None}
    row |= {"stances": agreeing[-1]} if agreeing else {}
    row |= {SUGGESTED_BY: seen} if (seen := resolved.anchored_by) else {}
    return parse_annotation(row, file="annotation store", line=0)
