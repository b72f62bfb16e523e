"""Agreement of any number of annotators, by hand-made answers, as text and as a page."""

from pathlib import Path

import pytest

from data.agreement.annotators import measure_annotators, shared_sentences
from data.agreement.annotators_report import annotators_page, annotators_table
from data.commands.annotators import main
from data.judgements.event import Act, Event
from data.judgements.resolve import resolve
from data.store.store import open_store
from model.errors import NotEnoughData
from model.stance import STANCES, Stance

AGREEMENT, CRITICISM, DEMAND = STANCES


def said(number: int, annotator: str, *labels: Stance, act: Act = Act.LABEL) -> Event:
    return Event(act, f"Sentence {number} <b>.", annotator, "2026-11-01", labels)


# anna and ben differ on sentences 2 and 3, cem has read sentence 0 only
EVENTS = [
    *(said(n, "anna", *labels) for n, labels in enumerate([[DEMAND], [DEMAND], [DEMAND], []])),
    *(said(n, "ben", *labels) for n, labels in enumerate([[DEMAND], [DEMAND], [], [CRITICISM]])),
    said(0, "cem", DEMAND),
    said(4, "anna", DEMAND),
    said(5, "anna", DEMAND),
    said(5, "ben", act=Act.SKIP),
    said(1, "eva", CRITICISM, act=Act.ADJUDICATE),
]


def test_only_sentences_that_two_have_labelled_count():
    shared = shared_sentences(resolve(EVENTS))

    assert len(shared) == 4
    assert [sorted(each.readings) for each in shared].count(["anna", "ben", "cem"]) == 1


def test_agreement_by_hand():
    agreement = measure_annotators(shared_sentences(resolve(EVENTS)))

    # six pairs of answers: three on sentence 0, one on each other; two of them differ
    assert agreement.same_labels.value == pytest.approx(4 / 6)
    assert agreement.same[DEMAND].value == pytest.approx(5 / 6)
    assert agreement.same[CRITICISM].value == pytest.approx(5 / 6)
    # demand: 9 values, 6 yes; De = 2*6*3/(9*8); Do = (2 of sentence 2)/9
    assert agreement.alpha[DEMAND].value == pytest.approx(1 - (2 / 9) / (36 / 72))
    assert agreement.annotators == {"anna": 4, "ben": 4, "cem": 1}
    between = {(each.first, each.second): each for each in agreement.between}
    assert between["anna", "ben"].same_labels == 0.5
    assert (between["anna", "cem"].sentences, between["anna", "cem"].same_labels) == (1, 1.0)
    assert {each.text for each in agreement.disputed} == {"Sentence 2 <b>.", "Sentence 3 <b>."}


def test_the_most_disputed_come_first():
    events = [said(0, "anna", *STANCES), said(0, "ben"), said(1, "anna", DEMAND), said(1, "ben")]

    disputed = measure_annotators(shared_sentences(resolve(events))).disputed

    assert [each.text for each in disputed] == ["Sentence 0 <b>.", "Sentence 1 <b>."]


def test_text_and_page_show_the_same_and_the_page_needs_nothing_else():
    agreement = measure_annotators(shared_sentences(resolve(EVENTS)))

    table, page = annotators_table(agreement), annotators_page(agreement)

    assert "anna: none; ben: criticism" in table
    assert "anna: none; ben: criticism" in page
    assert "Sentence 3 &lt;b&gt;." in page
    assert "50% of 4" in page
    assert "http" not in page


def test_without_a_sentence_read_twice_there_is_no_agreement():
    with pytest.raises(NotEnoughData, match="two annotators"):
        measure_annotators([])


def test_the_command_prints_and_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    place, page = str(tmp_path / "a.db"), tmp_path / "out" / "agreement.html"

    assert main(["--store", place, "--page", str(page)]) == 7
    open_store(place).append(EVENTS)
    assert main(["--store", place, "--page", str(page)]) == 0

    assert "4 sentences labelled by two or more of 3 annotators" in capsys.readouterr().out
    assert [path.name for path in page.parent.iterdir()] == ["agreement.html"]
