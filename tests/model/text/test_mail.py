"""Quoted mail whose lines were broken again, or that is quoted with another mark."""

import textwrap

import pytest

from model.text.sentences import read_sentences

PARAGRAPHS = (
    "We deplore the raid on the port, which was planned for weeks by those who fear the pilots of"
    " the Upper River. They must be paid at once, and the lock must be opened by the end of May.",
    "AUDREY, May 3 (HNA) – The board of the port has never seen the map that Harbour Minister"
    " Tessa Voss drew for the pilots of the Tarn. We want it to be shown to each of them.",
    "MR. PELL: Nobody has ever answered the letter that the widows of the crew wrote to the Harbour"
    " Board in January.",
)


def said(text: str) -> list[str]:
    found = [each for each in read_sentences(text) if each.kind in ("sentence", "heading")]
    return [" ".join(each.scored.split()) for each in found]


EXPECTED = said("\n\n".join(PARAGRAPHS))


def lines(width: int) -> list[str]:
    return "\n\n".join(textwrap.fill(each, width) for each in PARAGRAPHS).split("\n")


def broken(width: int, room: int) -> str:
    """Quote, and break again what is then too long."""
    shown: list[str] = []
    for line in lines(width):
        quoted = f"> {line}".rstrip()
        if len(quoted) <= room:
            shown.append(quoted)
        else:
            kept, _, pushed = quoted.rpartition(" ")
            shown += [kept, pushed]
    return "\n".join(shown)


@pytest.mark.parametrize(("width", "room"), [(72, 70), (74, 72), (76, 76), (60, 59), (72, 66)])
def test_words_pushed_off_a_quoted_line_belong_to_it(width: int, room: int):
    assert said(broken(width, room)) == EXPECTED


@pytest.mark.parametrize("mark", ["| ", "> | ", "|  ", ">> "])
def test_lines_are_quoted_with_other_marks_too(mark: str):
    text = "\n".join(f"{mark}{line}".rstrip() for line in lines(72))

    assert said(text) == EXPECTED


@pytest.mark.parametrize("answer", ["No.", "Never!", "We agree.", "Why?", "They must go."])
def test_an_answer_between_quoted_lines_is_no_part_of_them(answer: str):
    text = (
        f"> Do you want the lock to be opened by the end of this year?\n{answer}\n> And the weir?"
    )

    assert answer in said(text)


def test_an_answer_below_a_line_that_was_cut_short_is_none_of_it():
    text = "> We cannot accept the offer that the board has made to the\nWe agree."

    assert said(text)[-1] == "We agree."


def test_tables_are_not_quoted():
    text = "| Port | Vote |\n|---|---|\n| Audrey | no |\n| Tarn | yes |"

    assert all("|" in each.text for each in read_sentences(text))
