"""Invisible characters change no boundary, label or dateline; places are those of the text sent."""

import pytest

from model.text.sentences import read_sentences

PLAIN = "AUDREY (UN) -- They left. Why?\n\nMR. ARNO: No."


@pytest.mark.parametrize(
    "text",
    [
        "AUDREY (UN) -- They left.\u200e Why?\u200f\n\nMR. ARNO: No.",
        "\u202aAUDREY (UN) -- They left.\u202c \u202bWhy?\u202c\n\n\u202aMR. ARNO: No.",
        "\ufeffAU\u00adDREY \u200b(UN) \u200b-- They le\u00adft. Why?\n\nMR. \u200bAR\u00adNO: No.",
        "AUDREY\u2060 (UN) -- They left.\u2069 \u2066Why?\n\n\u2068MR\u2069. ARNO\u200c: No.\u061c",
    ],
    ids=["direction marks", "embeddings", "soft hyphens and spaces", "isolates"],
)
def test_units_are_those_of_the_text_without_them(text: str):
    got, expected = read_sentences(text), read_sentences(PLAIN)

    assert [(each.kind, each.scored) for each in got] == [
        (each.kind, each.scored) for each in expected
    ]
    assert [text[each.start : each.end] for each in got] == [each.text for each in got]
    assert got[0].mark is not None
    assert text[slice(*got[0].mark)].strip("\ufeff\u202a\u200b ").endswith("--")


def test_what_is_read_is_what_is_seen():
    (unit,) = read_sentences("We re\u00adject the dra\u200bft.\u200e")

    assert unit.text == "We re\u00adject the dra\u200bft."
    assert unit.scored == "We reject the draft."


def test_joiners_inside_other_scripts_stay():
    text = "می\u200cخواهیم. 👩\u200d👧 left."

    assert "".join(each.scored for each in read_sentences(text)).count("\u200c") == 1
    assert read_sentences("👩\u200d👧 left.")[0].scored == "👩\u200d👧 left."


def test_a_soft_hyphen_at_the_end_of_a_line_still_joins_a_word():
    (unit,) = read_sentences("The board was shut because of a disa\u00ad\nGreement over dues.")

    assert unit.text.endswith("dues.")


def test_parts_and_attributions_are_places_of_the_text_sent():
    text = "> “We thank\u200b them. We want the\n> crew\u200e back,” said\u200b Pell."
    first, second = read_sentences(text)

    assert [text[slice(*part)] for part in second.parts] == [
        "We want the",
        "crew\u200e back,” said\u200b Pell.",
    ]
    assert first.attribution is not None
    assert text[slice(*first.attribution)] == "said\u200b Pell"


@pytest.mark.parametrize("text", ["\u200b", "\u200e\u200f", "\ufeff \n"])
def test_a_text_of_nothing_seen_is_no_failure(text: str):
    assert all(each.text == text[each.start : each.end] for each in read_sentences(text))
