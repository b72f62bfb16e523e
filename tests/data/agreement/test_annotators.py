"""Agreement of any number of annotators, by hand-made answers, as text and as a page."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.agreement.annotators import measure_annotators, shared_sentences
from data.agreement.annotators_report import annotators_page, annotators_table
from data.agreement.bootstrap import DocumentBootstrap
from data.agreement.coefficients import alpha_of, counts_of
from data.agreement.two_readers import nominal_alpha
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


def both(number: int, *labels: Stance, other: tuple[Stance, ...] | None = None) -> list[Event]:
    return [
        said(number, "anna", *labels),
        said(number, "ben", *(labels if other is None else other)),
    ]


def lines(events: list[Event]) -> dict[str, str]:
    table = annotators_table(measure_annotators(shared_sentences(resolve(events))))
    return {line.split()[0]: line for line in table.splitlines() if line.strip()}


def test_of_a_rare_label_the_verdict_goes_by_ac1_and_says_why():
    events = [event for n in range(49) for event in both(n)] + both(49, DEMAND, other=())

    agreement = measure_annotators(shared_sentences(resolve(events)))

    assert agreement.alpha[DEMAND].value == pytest.approx(0.0)
    # Pa = 49/50; pi = 1/100; Pe = 2 pi (1 - pi)
    assert agreement.ac1[DEMAND].value == pytest.approx((0.98 - 0.0198) / (1 - 0.0198))
    assert "rare (1.0% of answers): alpha says little, AC1 says reliable" in lines(events)["demand"]
    assert "codebook" not in lines(events)["demand"]


def test_where_few_were_read_twice_the_verdict_is_open():
    events = both(0, DEMAND) + both(1) + both(2, DEMAND, other=()) + both(3) + both(4, DEMAND)

    assert "open: the interval reaches over" in lines(events)["demand"]


def test_a_common_label_that_annotators_see_differently_is_the_codebooks_fault():
    events = [
        e for n in range(60) for e in both(n, *[DEMAND][: n % 2], other=(DEMAND,)[: n % 3 % 2])
    ]

    assert "below 0.667: the codebook" in lines(events)["demand"]


def test_full_agreement_on_a_common_label_is_reliable():
    events = [event for n in range(60) for event in both(n, *[DEMAND][: n % 2])]

    assert lines(events)["demand"].endswith("reliable")


def of_documents(count: int, sentences: int, *, differing: int = 0, yes: int = 2) -> list[Event]:
    """Every `yes`-th sentence has the label; of the first `differing` one annotator says none."""
    events = []
    for n in range(sentences):
        labels = (DEMAND,) if n % yes == 0 else ()
        for name in ("anna", "ben"):
            given = () if name == "ben" and n < differing else labels
            event = said(n, name, *given)
            events.append(replace(event, doc=f"d{n % count}", n=n))
    return events


@pytest.mark.parametrize(
    ("events", "figure", "told"),
    [
        (of_documents(1, 40, differing=12), "(no interval)", "all of 1 document, 10 are needed"),
        (of_documents(1, 40), "1.000 (no interval)", "all of 1 document, 10 are needed"),
        (of_documents(4, 400), "(no interval)", "all of 4 documents"),
        (of_documents(9, 400), "1.000 (1.000-1.000)", "all of 9 documents"),
        (of_documents(2, 2), "1.000 (no interval)", "2 sentences read twice, 30 are needed"),
        (of_documents(29, 29), "1.000 (1.000-1.000)", "29 sentences read twice"),
        (of_documents(40, 40, yes=40), "1.000", "rare (2.5% of answers)"),
        (of_documents(40, 40, yes=10), "1.000", "8 answers have the label, 10 are needed"),
        (of_documents(12, 12, differing=12), "", "12 sentences read twice"),
    ],
)
def test_too_little_for_a_verdict_is_no_verdict(events: list[Event], figure: str, told: str):
    line = lines(events)["demand"]

    assert figure in line
    assert told in line
    assert not line.endswith("reliable") or "rare" in line
    assert "codebook" not in line


def test_enough_is_a_verdict():
    assert lines(of_documents(10, 30))["demand"].endswith("reliable")
    assert "codebook" in lines(of_documents(10, 40, differing=30))["demand"]


def test_what_is_not_defined_is_said_in_words_and_never_as_nan():
    events = both(0, DEMAND) + both(1, DEMAND)
    agreement = measure_annotators(shared_sentences(resolve(events)))

    table, page = annotators_table(agreement), annotators_page(agreement)

    assert "nan" not in table.lower().replace("anna", "")
    assert "nan" not in page.lower().replace("anna", "")
    assert "every answer is yes: alpha is not defined" in table
    assert "every answer is no: alpha is not defined" in table


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcd"), st.booleans(), min_size=1), min_size=1, max_size=12
    )
)
def test_alpha_is_that_of_the_krippendorff_package(answers: list[dict[str, bool]]):
    ratings = np.array([[float(a[n]) if n in a else np.nan for a in answers] for n in "abcd"])
    counts = counts_of(
        np.array([len(a) for a in answers], float),
        np.array([sum(a.values()) for a in answers], float),
    )

    ours = alpha_of(counts.sum(axis=0)[None, :])[0]

    assert ours == pytest.approx(nominal_alpha(ratings), nan_ok=True)


def test_the_work_grows_with_the_sentences_and_not_with_their_square():
    def operations(count: int) -> float:
        rows = np.ones((count, 1))
        bootstrap = DocumentBootstrap(np.arange(count))
        started = time.thread_time()
        bootstrap.sums(rows)
        return time.thread_time() - started

    small, large = (min(operations(count) for _ in range(3)) for count in (2_000, 16_000))

    assert large / small < 32  # 8 if linear, 64 if quadratic


def test_what_was_adjudicated_and_labelled_otherwise_since_is_listed():
    final = said(0, "eva", DEMAND, act=Act.ADJUDICATE)
    later = Event(Act.LABEL, final.text, "cem", "2026-11-02", ())
    resolved = resolve([*EVENTS, final, later])
    agreement = measure_annotators(shared_sentences(resolved))
    contested = [each for each in resolved if each.contrary]

    table, page = annotators_table(agreement, contested), annotators_page(agreement, contested)

    assert "decided: demand; later cem: none" in table
    assert "decided: demand; later cem: none" in page


def test_without_a_sentence_read_twice_there_is_no_agreement():
    with pytest.raises(NotEnoughData, match="two annotators"):
        measure_annotators([])


def test_the_command_prints_and_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    place, page = str(tmp_path / "a.db"), tmp_path / "out" / "agreement.html"

    store = open_store(place)
    assert main(["--store", place, "--page", str(page)]) == 7
    store.append(EVENTS)
    assert main(["--store", place, "--page", str(page)]) == 0

    assert "4 sentences labelled by two or more of 3 annotators" in capsys.readouterr().out
    assert [path.name for path in page.parent.iterdir()] == ["agreement.html"]
