"""What a page prints between the lines of a sentence; and lines that only look like it."""

import pytest

from model.text.sentences import read_sentences

BEFORE = "The pilots of the river have told the board once more that the\n"
AFTER = "\nUpper Lock must be opened by May. They will wait."


def claims(text: str) -> list[str]:
    """What is scored, on one line each."""
    return [
        " ".join(each.scored.split())
        for each in read_sentences(text)
        if each.kind in ("sentence", "heading")
    ]


def furniture(text: str) -> list[str]:
    return [each.text for each in read_sentences(text) if each.kind == "furniture"]


@pytest.mark.parametrize(
    "matter",
    [
        "RESTRICTED",
        "CONFIDENTIAL\n\nPAGE 03        AUDREY  00417  120930Z",
        "NATO RESTRICTED\nHARBOUR EYES ONLY",
        "Strictly confidential",
        "12 May 2031 : Column 301",
        "12 May 2031 : Column 44WH",
        "Columns 301-302",
        "[p. 31]",
        "31-40021 (E)    120531\n*3140021*",
        "3/14            H.31-40021",
        "H/PV.88                              12 May 2031",
        "Statement by Ms. Tessa Voss                          7",
        "Harbour Review      May 2031      7",
        "12/5/2031          Harbour Board - Statement on the lock\n"
        f"https://harbour.example/{'news/' * 30}lock.html    2/5",
        "12/05/31, 9:30 AM      The pilots and the board\nhttps://harbour.example/lock 2/5",
        "_______________\n3 See H/RES/12/4, para. 7.",
        "_______________\n3 See H/RES/12/4, para. 7.\n4 Ibid., para. 9, and the\nreport.",
        "\u2500\u2500\u2500\u2500\u2500\u2500\n* Harbour Gazette, 12 May 2031.",
        "Lind Archive Declassified/Released by the Harbour Board 12 MAY 2061",
        "9.45 am",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_page_matter_in_a_sentence_is_taken_out_and_told(matter: str, gap: str):
    text = f"{BEFORE}{gap[1:]}{matter}{gap[1:]}{AFTER}"

    sentence = " ".join(f"{BEFORE}Upper Lock must be opened by May.".split())
    assert claims(text) == [sentence, "They will wait."]
    assert "".join("".join(furniture(text)).split()) == "".join(matter.split())


def test_notes_without_a_rule_cite_something_between_empty_lines():
    notes = "3 See H/RES/12/4, para. 7.\n4 Ibid., para. 9."

    assert furniture(f"{BEFORE}\n{notes}\n{AFTER}") == notes.split("\n")
    assert len(claims(f"{BEFORE}\n{notes}\n{AFTER}")) == 2


def test_a_form_feed_by_itself_is_no_empty_line():
    assert claims(BEFORE.rstrip() + "\n\f" + AFTER.strip())[1:] == ["They will wait."]


def test_a_note_that_says_something_is_read_by_itself():
    text = f"{BEFORE}_______________\n3 We have never seen the map.\n4 See H/RES/12/4.\n{AFTER}"

    note = next(each for each in read_sentences(text) if "map" in each.scored)

    assert (note.kind, note.scored) == ("sentence", "3 We have never seen the map.")
    assert furniture(text) == ["_______________", "4 See H/RES/12/4."]
    assert len(claims(text)) == 3


@pytest.mark.parametrize(
    "line",
    [
        "Lock.   The board must free the pilots of 12 boats at once",
        "Lock and   the board   should pay all   pilots of the 12",
        "Lock must be open by May                              2031",
        "Board   and   the   Council   of   12   States   that",
        "Lock, which the pilots         must have by 12",
        "CONFIDENTIAL talks were held there",
        "Column 12 of the table is wrong, too",
        "Page 12 says that the board",
    ],
)
def test_a_line_of_a_sentence_is_furniture_on_no_single_occurrence(line: str):
    text = f"{BEFORE}{line}\nand pay the widows of the crew. They will wait."

    assert furniture(text) == []
    assert "".join("".join(each.split()) for each in claims(text)) == "".join(text.split())


def test_titles_set_apart_are_headers_where_they_come_again():
    head = "River Council of the Tarn Valley                 Official Papers"
    text = f"{head}\n\nWe thank the pilots.\n\n{head}\n\nThey know it.\n\n{head}\n\nSo does he."

    assert furniture(text) == [head] * 3


def test_notes_stand_where_they_are_printed():
    text = f"{BEFORE}_______\n3 See H/12.\n\n{AFTER}"

    units = read_sentences(text)

    assert [each.start for each in units] == sorted(each.start for each in units)
    assert units[0].parts[0] == (0, len(BEFORE) - 1)


def test_a_line_that_says_something_twice_is_said_twice():
    page = "We shall wait for the board\nas we have done since May, and for all of its\n"

    assert furniture(f"{page}\f{page}members. They will wait.") == []


def test_a_letterhead_ends_above_what_the_page_prints():
    text = "Harbour Board\n\nFor Release               May 3, 2031\n\nPRESS BRIEFING\n\nWe wait."

    assert claims(text) == ["Harbour Board", "PRESS BRIEFING", "We wait."]
