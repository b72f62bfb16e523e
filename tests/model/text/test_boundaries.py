"""Tables of cases: official prose as people paste it. What is between ⟨⟩ is not scored."""

import re
from pathlib import Path

import pytest

from model.text.sentences import read_sentences

HERE = Path(__file__).parent
ESCAPES = {"\\n": "\n", "\\r": "\r", "\\t": "\t", "\\f": "\f"}


def rows(name: str) -> list[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def cases() -> list[tuple[str, list[str]]]:
    """Texts, each with its sentences."""
    marked = rows("sentence_cases.txt")
    marked += [row.partition("\t")[2] for row in rows("boundary_cases.txt")]
    return [case(each) for each in marked]


def case(marked: str) -> tuple[str, list[str]]:
    for escape, char in ESCAPES.items():
        marked = marked.replace(escape, char)
    inside = re.sub(r"⟨.*?⟩", "", marked, flags=re.DOTALL)
    return re.sub(r"[¦⟨⟩]", "", marked), [part.strip() for part in inside.split("¦")]


@pytest.mark.parametrize(("text", "expected"), cases())
def test_splits_as_the_table_says(text: str, expected: list[str]):
    units = [each for each in read_sentences(text) if each.kind in ("sentence", "heading")]

    assert [unit.text for unit in units] == expected


def test_every_kind_of_text_has_two_cases_or_more():
    kinds = [row.partition("\t")[0] for row in rows("boundary_cases.txt")]

    assert min(kinds.count(kind) for kind in kinds) >= 2
