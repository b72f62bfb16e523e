"""`make data` says what a collection is made of."""

from pathlib import Path

import pytest

from data.annotation.annotation import Annotation
from data.annotation.composition import composition, leakage, variety
from data.commands.composition import main
from model.stance import Stance


def test_shares_are_of_sentences():
    rows = [
        Annotation("They met.", (), doc="a", register="cable", year=1951, fictional=True),
        Annotation("They must go.", (Stance.DEMAND,), doc="b", register="cable", year=1962),
    ]

    text = composition(rows)

    assert "2 sentences in 2 documents, 1 of them about invented actors (50%)" in text
    assert "none                   1   50.0%" in text
    assert "1950s                  1   50.0%" in text


def test_variety_counts_openings_and_words():
    text = variety(["We must go home.", "We must go now.", "It rains."])

    assert "66.7% of 3 sentences" in text
    assert "0.700 over 10 words" in text


def test_near_duplicates_that_cross_parts_are_counted():
    line = "The minister of the north welcomed the accord on the old border on Monday"
    rows = [Annotation(f"{line} {word}.", (), doc=f"d{i}") for i, word in enumerate("ab")]

    assert "at least 0.6): 1" in leakage(rows)


def test_the_command_reports_bad_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main([str(tmp_path / "none.jsonl")]) == 3
    assert "none.jsonl" in capsys.readouterr().err


def test_the_corpus_leaks_nothing_between_parts(corpus: list[Annotation]):
    assert "0 cross parts" in leakage(corpus)
    assert composition(corpus).startswith(f"{len(corpus):,} sentences")
