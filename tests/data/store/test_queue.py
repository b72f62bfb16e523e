"""The queue: what promises most, a fair share at random, nothing that somebody has answered."""

import dataclasses
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

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
    store: AnnotationStore, *, scored: list[Candidate] | None = None, **request: Any
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
    full.append([Event(Act.LABEL, first.text, "anna", "2026-11-02")])

    assert first.item not in {each.item for each in ask(full, limit=500)}


def test_what_one_skipped_is_asked_of_others_and_what_all_retracted_of_anybody(
    full: AnnotationStore,
):
    skipped, retracted, *_ = [e for e in ask(full, limit=20) if e.reason is Reason.RANDOM]
    full.append([Event(Act.SKIP, skipped.text, "anna", "2026-11-02", doc=skipped.doc)])
    full.append([Event(Act.LABEL, retracted.text, "anna", "2026-11-02")])
    full.append([Event(Act.RETRACT, retracted.text, "anna", "2026-11-03")])

    def asked_of(annotator: str | None) -> dict[str, Reason]:
        return {e.text: e.reason for e in ask(full, limit=500, annotator=annotator)}

    assert skipped.text not in asked_of("Anna ")
    assert asked_of("ben")[skipped.text] is Reason.RETURNED
    assert asked_of(None)[skipped.text] is Reason.RETURNED
    assert retracted.text in asked_of("anna")


def test_a_sentence_that_nobody_scored_returns_too_but_not_with_a_withdrawn_file(
    store: AnnotationStore,
):
    events = [said(n) for n in (1, 2, 3)]
    store.append([*events, Event(Act.SKIP, "Hm.", "anna", "2026-11-01")])
    store.append([dataclasses.replace(said(1, day=2), act=Act.RETRACT)])
    store.append(store.withdrawals(events[1:2], now=NOW).events)

    assert {each.text for each in ask(store, limit=20)} == {"Sentence 1.", "Hm."}


def test_a_conflict_is_not_for_its_own_parties(full: AnnotationStore):
    for party in ("anna", "BEN"):
        assert reasons(ask(full, limit=50, annotator=party))[Reason.DISPUTED] == 0
    assert reasons(ask(full, limit=50, annotator="cem"))[Reason.DISPUTED] > 0


def test_an_adjudication_that_somebody_contradicts_is_asked_about(store: AnnotationStore):
    final = dataclasses.replace(said(1, annotator="eva"), act=Act.ADJUDICATE)
    store.append([final, said(1, DEMAND, annotator="ben", day=2)])

    assert [each.reason for each in ask(store, limit=5)] == [Reason.DISPUTED]
    assert len(ask(store, limit=5, annotator="eva")) == 1  # who decided may decide anew
    assert ask(store, limit=5, annotator="ben") == []


def test_a_second_reading_is_asked_of_somebody_else(store: AnnotationStore):
    store.append([said(n, DEMAND) for n in range(12)] + [said(0, DEMAND, annotator="ben")])

    def again(annotator: str, **more: Any) -> list[QueueItem]:
        return ask(store, limit=20, annotator=annotator, readings=2, **more)

    assert ask(store, limit=20) == []
    assert again("anna") == []
    assert {each.text for each in again("ben")} == {f"Sentence {n}." for n in range(1, 12)}
    assert {each.reason for each in again("ben")} == {Reason.OVERLAP}
    assert len(ask(store, limit=20, annotator="ben", strategy=Strategy.OVERLAP)) == 11
    store.append([said(1, annotator="cem")])
    assert "Sentence 1." not in {each.text for each in again("eva", strategy=Strategy.OVERLAP)}


def test_what_is_handed_out_is_nobody_elses_until_its_time_is_over(full: AnnotationStore):
    def handed(annotator: str, *, at: datetime = NOW, readings: int = 1) -> set[str]:
        request = Request(
            limit=20,
            annotator=annotator,
            lease_minutes=30,
            strategy=Strategy.RANDOM,
            readings=readings,
        )
        return {each.text_hash for each in ask_for(full, request, now=at)}

    first = handed("anna")
    assert handed("ben") & first == set()
    assert handed("Anna") == first  # and hers are prolonged
    looked = ask_for(full, Request(limit=20, annotator="cem", strategy=Strategy.RANDOM), now=NOW)
    assert {each.text_hash for each in looked} & first == set()
    assert handed("cem", at=NOW + timedelta(minutes=31)) & first


def test_a_second_reader_has_a_sentence_at_the_same_time(full: AnnotationStore):
    def handed(annotator: str) -> set[str]:
        request = Request(
            limit=10, annotator=annotator, lease_minutes=30, strategy=Strategy.RANDOM, readings=2
        )
        return {each.text_hash for each in ask_for(full, request, now=NOW)}

    assert handed("anna") == handed("ben")
    assert handed("cem") & handed("anna") == set()


def test_an_answer_ends_its_lease(store: AnnotationStore):
    store.append([said(1, DEMAND)])
    request = Request(limit=5, annotator="ben", readings=3, lease_minutes=30)
    (item,) = ask_for(store, request, now=NOW)
    assert store.leases.held([item.text_hash], now=NOW) == {(item.text_hash, "ben")}

    store.append([said(1, DEMAND, annotator="ben")])

    assert store.leases.held([item.text_hash], now=NOW) == set()


def test_annotators_who_ask_at_once_get_different_sentences(full: AnnotationStore):
    got: dict[str, set[str]] = {}

    def take(name: str) -> None:
        request = Request(limit=10, annotator=name, lease_minutes=30, strategy=Strategy.RANDOM)
        got[name] = {each.text_hash for each in ask_for(full, request, now=NOW)}

    threads = [threading.Thread(target=take, args=(f"a{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    handed = [each for texts in got.values() for each in texts]
    assert len(handed) == len(set(handed)) > 0


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
