"""The cases of boundary_cases.txt: official prose as people paste it, by kind."""

import re
from pathlib import Path

import pytest

from model.text.sentences import read_sentences

CASES = Path(__file__).with_name("boundary_cases.txt")
ESCAPES = {"\\n": "\n", "\\r": "\r", "\\t": "\t", "\\f": "\f"}


def cases() -> list[tuple[str, str, list[str]]]:
    """Kind, text, and the sentences that stay once what is marked as outside is taken out."""
    found = []
    for line in CASES.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        kind, _, marked = line.partition("\t")
        for escape, char in ESCAPES.items():
            marked = marked.replace(escape, char)
        inside = re.sub(r"⟨.*?⟩", "", marked)
        text = re.sub(r"[¦⟨⟩]", "", marked)
        found.append((kind, text, [part.strip() for part in inside.split("¦")]))
    return found


@pytest.mark.parametrize(("kind", "text", "expected"), cases())
def test_splits_as_the_table_says(kind: str, text: str, expected: list[str]):
    units = [each for each in read_sentences(text) if each.kind in ("sentence", "heading")]

    assert [unit.text for unit in units] == expected, kind


def test_every_kind_has_two_cases_or_more():
    kinds = [kind for kind, _, _ in cases()]

    assert min(kinds.count(kind) for kind in kinds) >= 2
