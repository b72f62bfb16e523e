"""What is trained on: divided once, and refused before training where it does not suffice."""

import dataclasses

import pytest

from data.annotation.annotation import Annotation
from data.annotation.split import part_of
from model.errors import InvalidData, NotEnoughData
from training.prepare import prepare


def test_documents_are_divided_and_extra_ones_are_never_tested_on(
    toy_annotations: list[Annotation],
):
    own, extra = toy_annotations[:320], toy_annotations[320:]

    split = prepare(own, extra=extra, min_positives=5).split

    assert {part_of(each.group) for each in split.test} == {"test"}
    assert {each.text for each in split.test} <= {each.text for each in own}
    held = {each.text for each in [*split.extra, *split.dev]}
    assert {each.text for each in extra} <= held


def test_a_rare_stance_is_refused(toy_annotations: list[Annotation]):
    without = [
        dataclasses.replace(a, labels=tuple(s for s in a.labels if s != "demand"))
        for a in toy_annotations
    ]

    with pytest.raises(NotEnoughData, match=r"0 sentences .* demand.*wants 5"):
        prepare(without, min_positives=5)
    assert prepare(toy_annotations, min_positives=5).split.train


def test_too_few_documents_are_refused(toy_annotations: list[Annotation]):
    with pytest.raises(NotEnoughData, match="annotate at least some twenty"):
        prepare(toy_annotations[:8], min_positives=0)


def test_a_sentence_that_figures_are_reported_on_may_not_be_trained_on(
    toy_annotations: list[Annotation],
):
    with pytest.raises(InvalidData, match="again:1: text: trained_on"):
        prepare(toy_annotations, min_positives=5, measured={"again": toy_annotations[:80]})

    new = [dataclasses.replace(each, text=f"new {each.text}") for each in toy_annotations[:80]]
    assert prepare(toy_annotations, min_positives=5, measured={"new": new}).split.train
