"""Agreement by hand-made readings, and on the corpus's own second reading."""

from dataclasses import replace

import pytest

from data.agreement.two_readers import (
    ADJUDICATED,
    BLIND,
    RELABELLED,
    Pair,
    agreement_table,
    measure_agreement,
    read_pairs,
    readers_table,
    token_f1,
)
from data.annotation.annotation import Annotation, HeldStance
from data.annotation.json_lines import read_json_objects
from model.stance import STANCES, Stance


def reading(doc: str, *stances: Stance, holder: str = "Ankara", voice: str = "own") -> Annotation:
    held = tuple(HeldStance(stance, holder, None, voice) for stance in stances)
    return Annotation(f"Ankara spoke, {doc}.", stances, id=doc, doc=doc, stances=held)


def pairs(*readings: tuple[Annotation, Annotation]) -> list[Pair]:
    return [Pair(first, second) for first, second in readings]


def test_equal_readings_agree_fully():
    same = [(reading(f"d{i}", s), reading(f"d{i}", s)) for i, s in enumerate([*STANCES] * 2)]

    agreement = measure_agreement(pairs(*same))

    assert all(estimate.value == 1.0 for estimate in agreement.alpha.values())
    assert (agreement.same_labels.value, agreement.voice.value) == (1.0, 1.0)
    assert agreement.disputed == []


def test_alpha_of_a_known_table():
    # 4 sentences, one disagreement: values 1,1,1,0 against 1,1,0,0. alpha = 1 - Do/De with
    # Do = 2/8 and De = 2*5*3/(8*7), Krippendorff, "Content Analysis", 2004, chapter 11
    firsts = [(Stance.DEMAND,), (Stance.DEMAND,), (Stance.DEMAND,), ()]
    seconds = [(Stance.DEMAND,), (Stance.DEMAND,), (), ()]
    rows = [
        (reading(f"d{i}", *one), reading(f"d{i}", *other))
        for i, (one, other) in enumerate(zip(firsts, seconds, strict=True))
    ]

    agreement = measure_agreement(pairs(*rows))

    assert agreement.alpha[Stance.DEMAND].value == pytest.approx(1 - (2 / 8) / (30 / 56))
    assert [pair.second.id for pair in agreement.disputed] == ["d2"]
    assert agreement.same_labels.low <= 0.75 <= agreement.same_labels.high


def test_spans_and_voice_count_where_both_have_the_stance_once():
    rows = pairs(
        (reading("d0", Stance.DEMAND), reading("d0", Stance.DEMAND, holder="Ankara itself")),
        (reading("d1", Stance.DEMAND), reading("d1", Stance.DEMAND, voice="reported")),
        (reading("d2", Stance.DEMAND), reading("d2")),
    )

    agreement = measure_agreement(rows)

    assert agreement.holder.value == pytest.approx((2 / 3 + 1) / 2)
    assert agreement.voice.value == 0.5


@pytest.mark.parametrize(
    ("one", "other", "f1"),
    [("the army", "the army", 1.0), ("the army", "army", 2 / 3), (None, None, 1), ("a", None, 0)],
)
def test_token_f1(one: str | None, other: str | None, f1: float):
    assert token_f1(one, other) == pytest.approx(f1)


def test_each_second_reader_is_measured_alone():
    rows = pairs(
        (reading("d0", Stance.DEMAND), replace(reading("d0", Stance.DEMAND), annotator="b1")),
        (reading("d1"), replace(reading("d1"), annotator="b1")),
        (reading("d2", Stance.DEMAND), replace(reading("d2"), annotator="b2")),
    )

    _, one, other = readers_table(rows).splitlines()

    assert one.split()[:3] == ["b1", "2", "1.000"]
    assert one.split()[-1] == "1.000"
    assert other.split()[:3] == ["b2", "1", "0.000"]


def test_the_corpus_was_read_twice_by_people_who_did_not_write_it(corpus: list[Annotation]):
    read = read_pairs(corpus)

    assert len(read) >= 700
    assert all(pair.first.text == pair.second.text for pair in read)
    writers = {each.annotator for each in corpus}
    assert {pair.second.annotator for pair in read}.isdisjoint(writers)


def test_every_disagreement_is_adjudicated_and_shown(corpus: list[Annotation]):
    agreement = measure_agreement(read_pairs(corpus))

    assert BLIND.exists()
    assert len(agreement.disputed) == len(ADJUDICATED.read_text("utf-8").splitlines())
    table = agreement_table(agreement)
    assert all(str(pair.second.id) in table for pair in agreement.disputed)
    assert min(estimate.value for estimate in agreement.alpha.values()) >= 0.8


def test_an_adjudicated_sentence_has_the_decided_labels_in_the_corpus(corpus: list[Annotation]):
    labels = {each.id: set(each.labels) for each in corpus}
    later = {row["id"] for _, row in read_json_objects(RELABELLED)}

    for _, row in read_json_objects(ADJUDICATED):
        assert row["id"] in later or labels[row["id"]] == set(row["final"]), row["id"]
