"""Drafts with numbered lines, and lists and tables that count as they do."""

import pytest

from model.text.sentences import read_sentences

LINES = (
    "We deplore the raid on the port, which was planned",
    "for weeks by those who fear the pilots of the upper",
    "river. They must be paid at once, and the lock must",
    "be opened by May.",
    "",
    "The board has never seen the map that its own people",
    "drew for it. We want it to be shown to every pilot of",
    "the Tarn, and to the widows of the crew.",
    "",
    "They have asked for it in every year since the lock",
    "was shut. Nobody has ever answered them.",
)
SENTENCES = [
    "We deplore the raid on the port, which was planned for weeks by those who fear the pilots of"
    " the upper river.",
    "They must be paid at once, and the lock must be opened by May.",
    "The board has never seen the map that its own people drew for it.",
    "We want it to be shown to every pilot of the Tarn, and to the widows of the crew.",
    "They have asked for it in every year since the lock was shut.",
    "Nobody has ever answered them.",
]


def claims(text: str) -> list[str]:
    found = [each for each in read_sentences(text) if each.kind in ("sentence", "heading")]
    return [" ".join(each.scored.split()) for each in found]


def every(step: int, *, empty: bool, gap: str, start: int = 1) -> str:
    """Number the lines; the empty ones too, or not."""
    shown, count = [], start - 1
    for line in LINES:
        count += bool(line) or empty
        number = str(count) if count % step == 0 and (line or empty) else ""
        shown.append(f"{number:>3}{gap}{line}".rstrip())
    return "\n".join(shown)


@pytest.mark.parametrize("gap", ["  ", "\t", "      "])
@pytest.mark.parametrize("empty", [True, False])
@pytest.mark.parametrize("step", [1, 5])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_numbers_of_lines_are_furniture(step: int, gap: str, end: str, *, empty: bool):
    text = every(step, empty=empty, gap=gap).replace("\n", end)

    assert claims(text) == SENTENCES
    numbers = [each.text for each in read_sentences(text) if each.kind == "furniture"]
    assert all(each.isdigit() for each in numbers)
    assert len(numbers) >= 9 // step


def test_one_blank_is_enough_where_every_line_is_numbered():
    assert claims(every(1, empty=False, gap=" ")) == SENTENCES


def test_numbers_may_begin_anew_on_every_page():
    text = every(1, empty=False, gap="  ") + "\n\f" + every(1, empty=False, gap="  ")

    assert claims(text) == SENTENCES * 2


@pytest.mark.parametrize(
    "text",
    [
        "1  Open the lock\n2  Pay the pilots\n3  Free the crew\n4  Show the map",
        "1 Open the lock\n2 Pay the pilots\n3 Free the crew",
        "5  pilots refused\n10  agreed to wait\n22  were absent",
        "We have asked\n12 times. They\n13 times refused.",
        "12 pilots went and\n14 came. We thank\n15 of them.",
    ],
)
def test_what_counts_in_the_text_stays_in_it(text: str):
    units = read_sentences(text)

    assert {each.kind for each in units} <= {"sentence", "heading"}
    shown = "".join(
        text[slice(*each.mark)] + each.text if each.mark else each.text for each in units
    )
    assert "".join(shown.split()) == "".join(text.split())
