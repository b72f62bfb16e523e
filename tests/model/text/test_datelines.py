"""Datelines of agencies, and calls in capitals that are none."""

import pytest

from model.text.sentences import read_sentences

REPORT = "Pilots of the Tarn have refused the offer. They will wait."


@pytest.mark.parametrize(
    "dateline",
    [
        "AUDREY, May 3. /HNA/.",
        "AUDREY, May 3 (HNA) --",
        "AUDREY, May  3  (HNA)  -",
        "AUDREY. May 3 (Harbour News) -",
        "Audrey, May 3, HNA –",
        "Audrey, HNA-",
        "Audrey, May 3 (HNA):",
        "Audrey, Tarn | HNA | Monday 3 May 2031 -",
        "AUDREY (Tarn), 3 May 2031, 14:30 (HNA). -",
        "AUDREY, Monday, May 3 –",
        "AUDREY, 03.05.2031 –",
        "AUDREY/PORT TARN, 3 May –",
        "AUDREY (Harbour News) -",
        "AUDREY, Tarn (HNA) —",
        "Audrey, 3rd May 2031 –",
        "PORT TARN —",
        "PORT TARN, Upper Tarn -",
    ],
)
def test_a_dateline_is_a_mark(dateline: str):
    text = f"{dateline} {REPORT}"

    first, second = read_sentences(text)

    assert first.mark is not None
    assert text[slice(*first.mark)] == dateline
    assert [first.text, second.text] == [
        "Pilots of the Tarn have refused the offer.",
        "They will wait.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "NEVER – We refuse it.",
        "STOP - They must go.",
        "PILOTS, GO HOME - The lock is shut.",
        "SHAME - The lock is shut.",
        "TARN - It is ours.",
        "(No) We refuse it.",
        "(OK) They may go.",
        "(NO) They may not.",
        "Pilots, boats, men - We have none.",
        "We met on May 3 (Monday). - They came.",
    ],
)
def test_words_before_a_dash_are_kept(text: str):
    units = read_sentences(text)

    assert "".join(each.text for each in units if each.mark is None) or not units
    assert units[0].start == 0


@pytest.mark.parametrize("mark", ["(a)", "(iv)", "(xii)", "(aa)", "(SBU)", "(C)", "(2)"])
def test_letters_and_classes_in_brackets_are_marks(mark: str):
    (unit,) = read_sentences(f"{mark} The lock is shut.")

    assert unit.text == "The lock is shut."
