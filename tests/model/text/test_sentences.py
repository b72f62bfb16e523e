"""Text to sentences: exact offsets, official prose, linear time."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.text.sentences import read_sentences

# Zero width: no unit need begin or end with it.
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2069\ufeff\xad"


@given(
    st.text(
        alphabet=st.sampled_from("aBQ.?!;:()[]\"“”«»'’-•>1¶\n\r\t …é🙂\u2028\u200e\xad"),
        max_size=200,
    )
)
@settings(max_examples=300, deadline=None)
def test_offsets_cut_the_text_and_units_stand_in_order(text: str):
    sentences = read_sentences(text)

    assert [text[s.start : s.end] for s in sentences] == [s.text for s in sentences]
    assert [s.index for s in sentences] == list(range(len(sentences)))
    assert [s.start for s in sentences] == sorted(s.start for s in sentences)
    assert all(s.text == s.text.strip() != "" for s in sentences)
    assert all(
        s.parts == () or (s.parts[0][0], s.parts[-1][1]) == (s.start, s.end) for s in sentences
    )


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_every_visible_character_is_in_a_unit_or_in_the_mark_before_one(text: str):
    covered = [char in INVISIBLE or char.isspace() for char in text]
    for each in read_sentences(text):
        for start, end in [(each.start, each.end), *([each.mark] if each.mark else [])]:
            covered[start:end] = [True] * (end - start)

    assert [
        char for char, seen in zip(text, covered, strict=True) if not seen and char != ">"
    ] == []


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
        "“",
        "(",
        "[",
        "«",
        "’",
        "`",
        "\u0301",
        "\u200b",
        "a\u200e. ",
        "> ",
        "<",
        "<p>",
        "&",
        "*",
        "|",
        "1",
        "1\n",
        "¶1. ",
        "Q: ",
        "Mr. A\n",
        "A: ",
        ": 1. A",
        "A b\n",
        "\n\n- 3 -\n\na ",
        "[a](b)",
        "\x0c",
        "1. ",
        "\U0001f1fa\U0001f1f3",
        "\U0001f64f ",
        "? 4. ",
        "1. A; 2. B; ",
        "OP1 a; ",
        "The A, Noting a, ",
        "(applause) a ",
        ".\u00b9,\u00b2 ",
        ".1, 2 A",
        "\u300ca. \u300d",
        "\uff0e",
        "https://a.b/c/\n",
        "Pell General\n",
        "\u201c\n",
        "(a)\n",
    ],
    ids=repr,
)
def test_time_grows_linearly(unit: str):
    """Four times the text may take eight times as long; a quadratic splitter takes sixteen."""
    small, large = unit * (4_000 // len(unit)), unit * (16_000 // len(unit))

    assert best_of(3, large) < 8 * best_of(3, small) + 0.02


def best_of(times: int, text: str) -> float:
    seconds = []
    for _ in range(times):
        start = time.process_time()
        read_sentences(text)
        seconds.append(time.process_time() - start)
    return min(seconds)
