"""What is held about a sentence, by hand-made events; and that order and copies do not matter."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.judgements.event import Act, Event
from data.judgements.resolve import (
    Status,
    count_statuses,
    decided_both_ways,
    resolve,
    to_annotations,
)
from data.judgements.standing import current_events
from model.stance import STANCES, Stance

AGREEMENT, CRITICISM, DEMAND = STANCES
TEXT = "They must leave."


def said(
    annotator: str, *labels: Stance, act: Act = Act.LABEL, day: int = 1, **fields: Any
) -> Event:
    fields = {"text": TEXT, **fields}
    return Event(act, annotator=annotator, at=f"2026-11-{day:02}", labels=labels, **fields)


def one(*events: Event) -> tuple[Status, tuple[Stance, ...], tuple[Stance, ...]]:
    (resolved,) = resolve(events)
    return resolved.status, resolved.labels, resolved.disputed


def test_one_answer_stands():
    assert one(said("anna", DEMAND)) == (Status.AGREED, (DEMAND,), ())


def test_none_is_an_answer_and_a_skip_is_not():
    assert one(said("anna")) == (Status.AGREED, (), ())
    assert one(said("anna", act=Act.SKIP)) == (Status.SKIPPED, (), ())
    assert one(said("anna", act=Act.SKIP), said("ben", DEMAND)) == (Status.AGREED, (DEMAND,), ())


def test_the_latest_answer_of_an_annotator_counts():
    first, second = said("anna", DEMAND), said("anna", CRITICISM, day=2)

    assert one(second, first) == (Status.AGREED, (CRITICISM,), ())


def test_each_label_goes_by_majority():
    votes = said("anna", DEMAND, CRITICISM), said("ben", DEMAND), said("cem", CRITICISM, AGREEMENT)

    assert one(*votes) == (Status.AGREED, (CRITICISM, DEMAND), ())


def test_equal_votes_are_a_conflict_about_that_label():
    assert one(said("anna", DEMAND), said("ben", DEMAND, AGREEMENT)) == (
        Status.CONFLICT,
        (DEMAND,),
        (AGREEMENT,),
    )


def test_an_adjudication_wins_over_later_labels_and_yields_to_a_later_one():
    votes = [said("anna", DEMAND, day=5), said("ben", day=6)]
    final = said("eva", CRITICISM, act=Act.ADJUDICATE, day=2)

    assert one(*votes, final) == (Status.ADJUDICATED, (CRITICISM,), ())
    later = said("fay", act=Act.ADJUDICATE, day=3)
    assert one(*votes, final, later) == (Status.ADJUDICATED, (), ())


def test_adjudicators_own_labels_do_not_unseat_their_adjudication():
    final = said("eva", CRITICISM, act=Act.ADJUDICATE)

    assert one(final, said("eva", DEMAND, day=2)) == (Status.ADJUDICATED, (CRITICISM,), ())


def test_retracting_withdraws_everything_of_ones_own():
    mine = [said("eva", DEMAND), said("eva", DEMAND, act=Act.ADJUDICATE, day=2)]
    gone = said("eva", act=Act.RETRACT, day=3)

    assert resolve([*mine, gone]) == []
    assert one(*mine, gone, said("ben")) == (Status.AGREED, (), ())
    assert one(*mine, gone, said("eva", CRITICISM, day=4)) == (Status.AGREED, (CRITICISM,), ())


def test_texts_that_differ_in_case_and_white_space_are_one_sentence():
    events = said("anna", DEMAND), said("ben", DEMAND, text=" they MUST\nleave. ")

    assert len(resolve(events)) == 1


def test_conflicts_and_skips_are_left_out_of_training_and_counted():
    events = [
        said("anna", DEMAND, text="One.", doc="d1", n=4, details={"year": 1999, "note": "x"}),
        said("ben", DEMAND, text="One."),
        said("anna", DEMAND, text="Two."),
        said("ben", text="Two."),
        said("anna", act=Act.SKIP, text="Three."),
    ]

    (annotation,) = to_annotations(resolve(events))

    assert (annotation.text, annotation.labels, annotation.doc) == ("One.", (DEMAND,), "d1")
    assert (annotation.n, annotation.year, annotation.extra) == (4, 1999, {"note": "x"})
    assert annotation.annotator == "anna+ben"
    assert count_statuses(resolve(events)) == {
        Status.ADJUDICATED: 0,
        Status.AGREED: 1,
        Status.CONFLICT: 1,
        Status.SKIPPED: 1,
    }


@pytest.mark.parametrize(("other", "kept"), [((DEMAND,), 1), ((DEMAND, CRITICISM), 0)])
def test_holders_are_kept_only_from_who_found_what_was_decided(other: Sequence[Stance], kept: int):
    held = {"label": "demand", "holder": "author", "target": None, "voice": "own"}
    events = [
        said("anna", DEMAND, details={"stances": [held]}),
        said("eva", *other, act=Act.ADJUDICATE),
    ]

    (annotation,) = to_annotations(resolve(events))

    assert len(annotation.stances) == kept


def by_item(events: Sequence[Event]) -> dict[str, object]:
    return {each.item: each for each in resolve(events)}


acts = st.builds(
    lambda act, annotator, chosen, day, text, doc: said(
        annotator,
        *(s for s in STANCES if s in chosen and act in (Act.LABEL, Act.ADJUDICATE)),
        act=act,
        day=day,
        text=text,
        doc=doc,
    ),
    st.sampled_from(Act),
    st.sampled_from("ab"),
    st.sets(st.sampled_from(STANCES)),
    st.integers(1, 3),
    st.sampled_from(["One.", "one.", "Two."]),
    st.sampled_from([None, "d1", "d2"]),
)


@settings(deadline=None)
@given(
    # of two answers of one annotator at one moment the later to come holds; see below
    st.lists(acts, max_size=8, unique_by=lambda e: (e.text_hash, e.annotator, e.at)).flatmap(
        lambda x: st.tuples(st.just(x), st.permutations(x))
    )
)
def test_the_view_depends_on_the_set_of_events_alone(drawn: tuple[list[Event], list[Event]]):
    events, shuffled = drawn
    unique = {each.id: each for each in events}.values()

    assert {(r.item, r.status, r.labels) for r in resolve(shuffled + events)} == {
        (r.item, r.status, r.labels) for r in resolve(unique)
    }
    assert by_item(current_events(events)) == by_item(events)


@pytest.mark.parametrize(
    "sets",
    [
        [(AGREEMENT,), (CRITICISM,), (DEMAND,)],
        [(AGREEMENT, CRITICISM), (CRITICISM, DEMAND), (AGREEMENT, DEMAND)],
        [(AGREEMENT,), (AGREEMENT,), (CRITICISM,), (DEMAND,), (CRITICISM, DEMAND)],
    ],
)
def test_a_majority_that_nobody_gave_is_a_conflict(sets: list[tuple[Stance, ...]]):
    events = [said(f"a{n}", *labels) for n, labels in enumerate(sets)]

    (resolved,) = resolve(events)

    assert resolved.status is Status.CONFLICT
    assert resolved.disputed
    assert to_annotations([resolved]) == []


def test_none_is_agreed_on_only_where_somebody_said_none():
    votes = [said("anna", AGREEMENT), said("ben", DEMAND), said("cem")]

    assert one(*votes) == (Status.AGREED, (), ())


def test_two_adjudications_of_one_moment_that_differ_decide_nothing():
    final = [
        said(name, *answer, act=Act.ADJUDICATE) for name, answer in [("eva", [DEMAND]), ("fay", [])]
    ]

    assert one(*final) == (Status.CONFLICT, (), (DEMAND,))
    assert one(*final, said("gil", DEMAND, act=Act.ADJUDICATE, day=2))[0] is Status.ADJUDICATED


def test_a_label_against_an_earlier_adjudication_is_listed_and_changes_nothing():
    final = said("eva", CRITICISM, act=Act.ADJUDICATE, day=2)
    before, later, same = (
        said("anna", DEMAND),
        said("ben", DEMAND, day=3),
        said("cem", CRITICISM, day=3),
    )

    (resolved,) = resolve([before, final, later, same])

    assert (resolved.status, resolved.labels) == (Status.ADJUDICATED, (CRITICISM,))
    assert resolved.contrary == (later,)
    (again,) = resolve([before, final, later, said("fay", CRITICISM, act=Act.ADJUDICATE, day=4)])
    assert again.contrary == ()


def test_of_one_moment_the_answer_that_came_last_holds():
    wrong, right = said("anna", CRITICISM), said("anna", DEMAND)

    assert one(wrong, right) == (Status.AGREED, (DEMAND,), ())
    assert one(right, wrong) == (Status.AGREED, (CRITICISM,), ())


def test_the_same_sentence_in_two_documents_is_two():
    events = [said("anna", DEMAND, doc="d1"), said("anna", doc="d2"), said("ben", doc="d2")]

    found = {each.origin.doc: each for each in resolve(events)}

    assert (found["d1"].labels, len(found["d1"].judgements)) == ((DEMAND,), 1)
    assert (found["d2"].labels, len(found["d2"].judgements)) == ((), 2)
    assert len({each.item for each in found.values()}) == 2


def test_what_names_no_document_is_about_the_sentence_in_all_of_them():
    votes = [said("anna", DEMAND, doc="d1"), said("ben", doc="d2"), said("cem", CRITICISM, day=2)]
    decided = said("eva", DEMAND, act=Act.ADJUDICATE, day=3)

    assert [each.status for each in resolve(votes)] == [Status.CONFLICT] * 2
    assert [each.labels for each in resolve([*votes, decided])] == [(DEMAND,)] * 2
    assert one(said("cem", CRITICISM), said("cem", DEMAND, doc="d1", day=2))[1] == (DEMAND,)
    assert one(said("cem", CRITICISM, day=3), said("cem", DEMAND, doc="d1"))[1] == (CRITICISM,)


def test_a_retraction_is_of_its_document_or_of_all_if_it_names_none():
    votes = [said("anna", DEMAND, doc="d1"), said("anna", doc="d2")]
    here = said("anna", act=Act.RETRACT, doc="d1", day=2)

    assert [each.origin.doc for each in resolve([*votes, here])] == ["d2"]
    assert resolve([*votes, said("anna", act=Act.RETRACT, day=2)]) == []
    assert resolve([said("anna", DEMAND), here]) == []


@pytest.mark.parametrize(
    "name", ["anna", " Anna", "ANNA ", "an\u200bna", "anna\u00a0", "\ufeffanna"]
)
def test_a_name_is_one_person_however_it_is_written(name: str):
    votes = [said("anna", DEMAND), said(name, DEMAND, day=2), said("ben", day=2)]

    assert one(*votes)[0] is Status.CONFLICT


def test_a_name_is_one_person_in_both_unicode_forms():
    assert said("J\u00f6rg").person == said("Jo\u0308rg").person == said("J\u00d6RG").person
    assert said("J\u00f6rg", DEMAND).id == said("JO\u0308RG  ", DEMAND).id


def test_a_text_decided_otherwise_in_another_document_is_not_learnt():
    events = [said("anna", DEMAND, doc="d1"), said("anna", doc="d2")]
    same = [said("anna", DEMAND, text="Go.", doc="d1"), said("anna", DEMAND, text="Go.", doc="d2")]

    (annotation,) = to_annotations(resolve([*events, *same]))

    assert (annotation.text, annotation.doc) == ("Go.", "d1")
    assert [each.origin.doc for each in decided_both_ways(resolve([*events, *same]))] == [
        "d1",
        "d2",
    ]
