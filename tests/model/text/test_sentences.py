"""Text to sentences: exact offsets, official prose, linear time."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.text.sentences import read_sentences, split_sentences

CASES = Path(__file__).with_name("sentence_cases.txt")


def cases() -> list[tuple[str, list[str]]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.strip() and not line.startswith("#")]
    marked = [line.replace("\\n", "\n").replace("\\t", "\t") for line in kept]
    return [(line.replace("¦", ""), [part.strip() for part in line.split("¦")]) for line in marked]


@pytest.mark.parametrize(("text", "expected"), cases())
def test_splits_as_the_table_says(text: str, expected: list[str]):
    assert [sentence.text for sentence in split_sentences(text)] == expected


def test_the_table_has_at_least_sixty_cases():
    assert len(cases()) >= 60


@given(st.text(alphabet=st.sampled_from("aB.?!;:()\"“”«»'’-•1\n\r\t …é🙂\u2028"), max_size=200))
@settings(max_examples=300, deadline=None)
def test_offsets_cut_the_text_and_every_visible_character_lies_in_one_sentence(text: str):
    sentences = split_sentences(text)

    assert [text[s.start : s.end] for s in sentences] == [s.text for s in sentences]
    assert [s.index for s in sentences] == list(range(len(sentences)))
    ends = [0, *(s.end for s in sentences)]
    starts = [*(s.start for s in sentences), len(text)]
    gaps = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    assert "".join(gaps).strip() == ""
    assert all(s.text == s.text.strip() != "" for s in sentences)


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_at_all_is_split_without_loss(text: str):
    joined = "".join(sentence.text for sentence in split_sentences(text))

    assert "".join(joined.split()) == "".join(text.split())


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "a.a.",
        ". ",
        '"',
        '"("',
        "“a.” ",
        "\n",
        "a\n",
        "- a\n",
        "🙂",
        "字",
        "(a.) ",
        "; Aa b",
        "1. ",
    ],
    ids=repr,
)
def test_time_grows_linearly(unit: str):
    """Four times the text may take eight times as long; a quadratic splitter takes sixteen."""
    small, large = unit * (20_000 // len(unit)), unit * (80_000 // len(unit))

    assert best_of(5, large) < 8 * best_of(5, small) + 0.02


def best_of(times: int, text: str) -> float:
    seconds = []
    for _ in range(times):
        start = time.process_time()
        split_sentences(text)
        seconds.append(time.process_time() - start)
    return min(seconds)
