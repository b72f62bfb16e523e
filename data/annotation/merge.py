"""Merge the corpus and the users' annotations, so that every sentence is there once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from data.annotation.annotation import SUGGESTED_BY, Annotation, normalised_text
from data.annotation.files import NEAR
from data.annotation.near_duplicates import near_duplicates
from data.annotation.split import part_of, split_annotations


@dataclass(frozen=True)
class TrainingCorpus:
    """The sentences that a retraining is given.

    Attributes:
        annotations: every sentence of the corpus, in its document, with the users' labels where
            they judged it, and after them the users' other sentences.
        own: those of them that users judged, whether their labels are those of the corpus or not.
        corrected: how many sentences of the corpus the users label otherwise.
        left_out: users' sentences that are nearly the same as one in another part of the split:
            with them a model would be measured on what it was trained on.
    """

    annotations: list[Annotation]
    own: list[Annotation]
    corrected: int
    left_out: list[Annotation]

    @property
    def held_out(self) -> list[Annotation]:
        """The test documents among what users judged, blind; they are never trained on."""
        return split_annotations(self.own).test


def combine(corpus: Sequence[Annotation], judged: Sequence[Annotation]) -> TrainingCorpus:
    """Merge the corpus with what users decided about its sentences and about others.

    A sentence is known by its text, case and white space aside. One of the corpus stays in its
    document, so that no correction of a test sentence is ever trained on.
    """
    theirs = {normalised_text(each.text): each for each in judged}
    ours = [(each, theirs.pop(normalised_text(each.text), None)) for each in corpus]
    shipped = [_corrected(each, other) for each, other in ours]
    new, left_out = _apart(shipped, list(theirs.values()))
    again = [each for each, (_, other) in zip(shipped, ours, strict=True) if other]
    corrected = sum(other is not None and other.labels != each.labels for each, other in ours)
    return TrainingCorpus([*shipped, *new], [*again, *new], corrected, left_out)


def _corrected(shipped: Annotation, judged: Annotation | None) -> Annotation:
    if judged is None or judged.labels == shipped.labels:
        return shipped  # it has holders and targets
    seen = {name: value for name, value in judged.extra.items() if name == SUGGESTED_BY}
    return replace(
        shipped,
        labels=judged.labels,
        stances=judged.stances,
        annotator=judged.annotator,
        extra={**shipped.extra, **seen},
    )


def _apart(
    shipped: Sequence[Annotation], new: Sequence[Annotation]
) -> tuple[list[Annotation], list[Annotation]]:
    """Divide the new sentences: nearly the same as one of another part of the split, or not."""
    everything = [*shipped, *new]
    out: set[int] = set()
    for pair in near_duplicates([each.text for each in everything], similarity=NEAR):
        first, second = everything[pair.first], everything[pair.second]
        is_new = pair.second >= len(shipped) and pair.first not in out
        if is_new and part_of(first.group) != part_of(second.group):
            out.add(pair.second)
    numbered = list(enumerate(new, len(shipped)))
    return [each for i, each in numbered if i not in out], [
        each for i, each in numbered if i in out
    ]
