"""What is held about a sentence, by hand-made events; and that order and copies do not matter."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.judgements.event import Act, Event
from data.judgements.resolve import Status, count_statuses, resolve, to_annotations
from data.judgements.standing import current_events
from model.stance import STANCES, Stance

AGREEMENT, CRITICISM, DEMAND = STANCES
TEXT = "They must leave."


def said(
    annotator: str, *labels: Stance, act: Act = Act.LABEL, day: int = 1, **fields: object
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
    final = [final, said("fay", act=Act.ADJUDICATE, day=3)]
    assert one(*votes, *final) == (Status.ADJUDICATED, (), ())


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


acts = st.builds(
    lambda act, annotator, chosen, day, text: said(
        annotator,
        *(s for s in STANCES if s in chosen and act in (Act.LABEL, Act.ADJUDICATE)),
        act=act,
        day=day,
        text=text,
    ),
    st.sampled_from(Act),
    st.sampled_from("ab"),
    st.sets(st.sampled_from(STANCES)),
    st.integers(1, 3),
    st.sampled_from(["One.", "one.", "Two."]),
)


@settings(deadline=None)
@given(st.lists(acts, max_size=8).flatmap(lambda x: st.tuples(st.just(x), st.permutations(x))))
def test_the_view_depends_on_the_set_of_events_alone(drawn: tuple[list[Event], list[Event]]):
    events, shuffled = drawn
    unique = {each.id: each for each in events}.values()

    assert [(r.item, r.status, r.labels) for r in resolve(shuffled + events)] == [
        (r.item, r.status, r.labels) for r in resolve(unique)
    ]
    assert resolve(current_events(events)) == resolve(events)
