"""The users' labels count, each sentence once, and none crosses to a part that judges."""

from itertools import count

import pytest

from data.annotation.annotation import Annotation
from data.annotation.merge import combine
from data.annotation.split import part_of, split_annotations
from model.stance import Stance

DEMAND = Stance.DEMAND
DOC = {
    part: next(f"d{n}" for n in count() if part_of(f"d{n}") == part)
    for part in ("train", "dev", "test")
}
SHIPPED = [
    Annotation(
        f"They must leave the {part} at once, all of them.",
        (DEMAND,),
        doc=DOC[part],
        n=1,
        year=1999,
    )
    for part in DOC
]


@pytest.mark.parametrize("part", DOC)
def test_a_corrected_sentence_stays_in_its_part_with_the_users_label(part: str):
    shipped = next(each for each in SHIPPED if each.doc == DOC[part])
    theirs = Annotation(f" {shipped.text.upper()}", (), annotator="anna", doc="of-theirs")

    combined = combine(SHIPPED, [theirs])

    assert (combined.corrected, len(combined.annotations)) == (1, 3)
    (found,) = getattr(split_annotations(combined.annotations), part)
    assert (found.text, found.labels, found.doc) == (shipped.text, (), shipped.doc)
    assert (found.annotator, found.year) == ("anna", 1999)
    assert combined.own == [found]
    assert combined.held_out == ([found] if part == "test" else [])


def test_a_confirmed_sentence_keeps_what_the_corpus_knows_of_it():
    combined = combine(SHIPPED, [Annotation(SHIPPED[0].text, (DEMAND,), annotator="anna")])

    assert (combined.annotations, combined.corrected) == (SHIPPED, 0)
    assert combined.own == SHIPPED[:1]


def test_new_sentences_are_added_and_held_out_by_document():
    new = [
        Annotation(f"Sentence number {n} of some other kind {n}.", (), doc=DOC[part])
        for n, part in enumerate(DOC)
    ]

    combined = combine(SHIPPED, new)

    assert combined.annotations == [*SHIPPED, *new]
    assert combined.held_out == [new[2]]


def test_nearly_the_same_sentence_in_another_part_is_left_out_and_told():
    near = Annotation("They must leave the test at once, all of them!", (DEMAND,), doc=DOC["train"])
    beside = Annotation(
        "They must leave the test at once: all of them.", (DEMAND,), doc=DOC["test"]
    )

    combined = combine(SHIPPED, [near, beside])

    assert combined.left_out == [near]
    assert combined.annotations == [*SHIPPED, beside]
