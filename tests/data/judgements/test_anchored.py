"""Answers that a model's answer was in sight of: they train a model, and judge none."""

import pytest

from data.agreement.annotators import shared_sentences
from data.annotation.annotation import Annotation
from data.annotation.merge import combine
from data.annotation.split import part_of, split_annotations
from data.judgements.event import Act, Event
from data.judgements.resolve import resolve, to_annotations
from model.stance import Stance

TEXT = "They must open the border."
DEMAND, NONE = (Stance.DEMAND,), ()
TEST_DOC = next(f"doc-{n}" for n in range(99) if part_of(f"doc-{n}") == "test")
TRAIN_DOC = next(f"doc-{n}" for n in range(99) if part_of(f"doc-{n}") == "train")


def said(
    name: str,
    by: str | None,
    labels: tuple[Stance, ...] = DEMAND,
    act: Act = Act.LABEL,
    **more: object,
) -> Event:
    at = f"2026-11-{len(name):02}T00:00:00.000000Z"
    return Event(act, TEXT, name, at, labels, suggested_by=by, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("events", "anchored"),
    [
        ([said("anna", None)], None),
        ([said("anna", "m1")], "m1"),
        ([said("anna", None), said("berta", "m1")], None),  # one who saw nothing says the same
        ([said("anna", None, NONE), said("berta", "m1"), said("christa", "m2")], "m2"),
        ([said("anna", None), said("berta", "m1", act=Act.ADJUDICATE)], None),
        ([said("anna", None, NONE), said("berta", "m1", act=Act.ADJUDICATE)], "m1"),
        ([said("anna", "m1"), said("berta", None, act=Act.ADJUDICATE)], None),
    ],
)
def test_a_decision_is_anchored_unless_it_stands_without_suggestions(
    events: list[Event], anchored: str | None
):
    (resolved,) = resolve(events)

    assert resolved.anchored_by == anchored
    (annotation,) = to_annotations([resolved])
    assert annotation.judges is (anchored is None)


def test_anchored_sentences_of_test_documents_are_not_tested_on():
    rows = [
        Annotation(text=f"{doc} {by}", labels=(), doc=doc, extra={"suggested_by": by} if by else {})
        for doc in (TEST_DOC, TRAIN_DOC)
        for by in (None, "m1")
    ]

    split = split_annotations(rows)

    assert [each.text for each in split.test] == [f"{TEST_DOC} None"]
    assert [each.text for each in split.anchored] == [f"{TEST_DOC} m1"]
    assert len(split.train) == 2, "they train"


def test_a_correction_of_the_corpus_that_followed_a_model_judges_nothing():
    corpus = [Annotation(text=TEXT, labels=(), doc=TEST_DOC)]

    blind = combine(corpus, to_annotations(resolve([said("anna", None)])))
    anchored = combine(corpus, to_annotations(resolve([said("anna", "m1")])))

    assert [each.labels for each in blind.held_out] == [DEMAND]
    assert anchored.held_out == []


def test_annotators_who_follow_a_model_do_not_agree_with_each_other():
    both = resolve([said("anna", "m1"), said("berta", "m1")])
    blind = resolve([said("anna", None), said("berta", None), said("christa", "m1")])

    assert shared_sentences(both) == []
    assert list(shared_sentences(blind)[0].readings) == ["anna", "berta"]
