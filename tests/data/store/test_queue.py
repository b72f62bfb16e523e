"""The queue: what promises most, a fair share at random, nothing that somebody has answered."""

import dataclasses
from collections import Counter
from datetime import UTC, datetime

import pytest

from data.judgements.event import Act, Event
from data.store.offers import Asker
from data.store.pool import DRAWN_BELOW, Candidate, ShownSuggestion, Suspect
from data.store.queue import MIN_LENGTH, Request, Strategy
from data.store.queue import ask as ask_for
from data.store.queue_items import QueueItem, Reason
from data.store.store import AnnotationStore
from model.stance import STANCES, Stance

DEMAND = Stance.DEMAND
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOBODY = Asker(None, 1, NOW)


def scored(number: int, *, margin: float = 0.2, version: str = "v1") -> Candidate:
    scores = dict.fromkeys(STANCES, 0.5 + margin)
    return Candidate(
        f"Sentence {number}.", f"d{number // 9}", number, version, STANCES, scores, margin
    )


def said(number: int, *labels: Stance, annotator: str = "anna", day: int = 1) -> Event:
    return Event(Act.LABEL, f"Sentence {number}.", annotator, f"2026-11-{day:02}", labels)


def ask(
    store: AnnotationStore, *, scored: list[Candidate] | None = None, **request: object
) -> list[QueueItem]:
    return ask_for(store, Request(**request), scored=scored, now=NOW)


def reasons(asked: list[QueueItem]) -> Counter[Reason]:
    return Counter(each.reason for each in asked)


@pytest.fixture
def full(store: AnnotationStore) -> AnnotationStore:
    """100 scored sentences, 20 conflicts and 20 suspects."""
    store.candidates.keep((scored(n, margin=n / 500) for n in range(100)), limit=1000)
    numbers = range(200, 220)
    store.append([said(n, DEMAND) for n in numbers] + [said(n, annotator="ben") for n in numbers])
    store.append([said(n, DEMAND) for n in range(300, 320)])
    held = [each for each in store.resolved() if each.usable]
    held.sort(key=lambda each: each.origin.text)
    suspects = [Suspect(each.item, each.fingerprint, "v1", i / 20) for i, each in enumerate(held)]
    store.candidates.suspect([each.item for each in held], suspects)
    return store


def test_every_reason_has_its_share_and_conflicts_come_first(full: AnnotationStore):
    asked = ask(full, limit=20)

    assert reasons(asked) == {
        Reason.DISPUTED: 6,
        Reason.SUSPECTED: 4,
        Reason.UNCERTAIN: 6,
        Reason.RANDOM: 4,
    }
    assert [each.reason for each in asked[:6]] == [Reason.DISPUTED] * 6
    assert len({each.reason for each in asked[6:11]}) == 3  # and the others in turns
    assert len({each.item for each in asked}) == 20
    assert ask(full, limit=20) == asked  # until somebody answers


@pytest.mark.parametrize("strategy", Strategy)
@pytest.mark.parametrize("limit", [MIN_LENGTH, 6, 11, 50])
def test_some_are_drawn_at_random_whatever_is_asked_for(
    full: AnnotationStore, strategy: Strategy, limit: int
):
    asked = ask(full, limit=limit, strategy=strategy)

    assert len(asked) == limit
    assert reasons(asked)[Reason.RANDOM] >= limit // 5
    if strategy is not Strategy.MIXED:
        assert set(reasons(asked)) <= {Reason(strategy), Reason.RANDOM}


def test_what_is_drawn_is_never_asked_about_because_it_is_doubtful(full: AnnotationStore):
    asked = ask(full, limit=60, strategy=Strategy.UNCERTAIN)
    unsure = [each for each in asked if each.reason is Reason.UNCERTAIN]

    assert all(each.text_hash >= DRAWN_BELOW for each in unsure)
    margins = [each.suggestion.margin for each in unsure if each.suggestion]
    assert margins == sorted(margins)


def test_of_few_sentences_some_are_drawn_all_the_same(store: AnnotationStore):
    none_reserved = [each for n in range(40) if (each := scored(n)).text_hash >= DRAWN_BELOW][:8]
    store.candidates.keep(none_reserved, limit=100)

    asked = ask(store, limit=5)

    assert reasons(asked) == {Reason.UNCERTAIN: 4, Reason.RANDOM: 1}
    assert len(ask(store, limit=50)) == 8


def test_what_was_answered_is_not_asked_again(full: AnnotationStore):
    (first, *_) = [each for each in ask(full, limit=20) if each.reason is Reason.RANDOM]
    full.append([Event(Act.SKIP, first.text, "anna", "2026-11-02")])

    assert first.item not in {each.item for each in ask(full, limit=500)}


def test_a_conflict_leaves_when_it_is_adjudicated_a_suspect_when_it_is_judged_anew(
    full: AnnotationStore,
):
    full.append([dataclasses.replace(said(200, DEMAND, day=2), act=Act.ADJUDICATE)])
    full.append([said(300, DEMAND, annotator="ben", day=2), said(301, DEMAND, day=2)])

    texts = {each.text for each in ask(full, limit=500)}

    assert texts & {f"Sentence {n}." for n in (200, 300, 301)} == set()
    assert {f"Sentence {n}." for n in (201, 302)} <= texts


def test_suspects_are_the_least_probable_first_and_examined_anew(full: AnnotationStore):
    asked = ask(full, limit=10, strategy=Strategy.SUSPECTED)
    assert [each.text for each in asked if each.reason is Reason.SUSPECTED][:2] == [
        "Sentence 300.",
        "Sentence 301.",
    ]

    everything = [each.item for each in full.candidates.suspects()]
    full.candidates.suspect(everything[:1], [])

    assert [each.item for each in full.candidates.suspects()] == everything[1:]


def test_a_file_takes_the_place_of_what_was_kept(full: AnnotationStore):
    own = [scored(n) for n in range(900, 930)]
    full.append([said(900)])

    asked = ask(full, limit=40, scored=[*own, own[3]])

    new = {each.text for each in asked if each.reason in (Reason.RANDOM, Reason.UNCERTAIN)}
    assert new <= {each.text for each in own[1:]}
    assert reasons(asked)[Reason.RANDOM] >= 4


def test_of_what_is_scored_the_newest_are_kept_each_once(store: AnnotationStore):
    store.candidates.keep([scored(n) for n in range(10)], limit=10)
    store.candidates.keep([scored(3, version="v2"), scored(3, version="v3"), scored(10)], limit=10)

    kept = {each.text: each.version for each in store.offers.at_random(NOBODY, 100)}

    assert set(kept) == {f"Sentence {n}." for n in range(1, 11)}
    assert kept["Sentence 3."] == "v3"
    (again,) = store.candidates.scored([scored(10).text_hash]).values()
    assert again == scored(10)


def test_shown_suggestions_are_remembered(store: AnnotationStore):
    shown = [
        ShownSuggestion("a", "v1", "anna", "2026"),
        ShownSuggestion("a", "v2", None, "2027"),
    ]

    store.candidates.show(shown)
    store.candidates.show([])

    assert store.candidates.shown(["a", "b"]) == shown
