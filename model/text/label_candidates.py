"""What lines begin with that may be a speaker's label, and which of the names are."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from model.text.label_forms import COLON, Strength, is_named_fully, strength
from model.text.lines.lines import Line

# What may stand before a label: a number, a bullet, the time at which it was said.
_BEFORE = re.compile(
    r"(?:(?P<time>[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?\s+)|\d{1,3}[.)]\s+|[-*\u2022\u2013]\s+)?"
)
_TIME = re.compile(r"\d{1,2}[.:]\d{2}\s?(?:[ap]\.?m\.?)?")
FIRST = re.compile(r"[A-Z\u00c0-\u00de\u0100-\u017f*_(\[]")
# Characters of a label at most, and up to where its colon may stand.
LONGEST = 260
NEAR = 200


class Candidate(NamedTuple):
    """A label at the start of a line, by its form."""

    start: int
    who: str
    strength: Strength
    marked: bool  # as only labels are: behind a time code, in brackets, with a constituency
    aside: bool


def candidates(text: str, lines: Sequence[Line]) -> list[Candidate]:
    """The lines that begin as labels do, by form alone."""
    found = []
    before_it: Line | None = None
    for line in lines:
        above, before_it = before_it, line
        head = line.text[:NEAR]
        if ":" not in head and not ("(" in head and ")" not in head):
            continue
        before = _BEFORE.match(line.text)
        at = line.start + (before.end() if before else 0)
        match = COLON.match(text, at, at + LONGEST) if FIRST.match(text, at) else None
        if match is None or (strong := strength(match)) is Strength.NONE:
            continue
        marked = (
            bool(before and before["time"])
            or match["open"] == "["
            or line.depth > 1
            or (above is not None and _TIME.fullmatch(above.text) is not None)
            or is_named_fully(match)
        )
        found.append(
            Candidate(line.start, match["who"], strong, marked, match["aside"] is not None)
        )
    return found


def names(found: Sequence[Candidate]) -> frozenset[str]:
    """The names that are labels, by what the lines of the text begin with."""
    weak = [each for each in found if each.strength is Strength.WEAK]
    times = Counter(each.who for each in weak)
    sure = {each.who for each in weak if each.marked or times[each.who] > 1}
    asides = {each.who for each in weak if each.aside}
    if len(asides) > 1:
        sure |= asides
    labels = sum(each.strength is Strength.STRONG or each.who in sure for each in found)
    if labels:
        sure |= {who for who in times if who.isupper() or who in asides}
    if labels > 1:
        sure |= {who for who in times if " " in who or len(sure) > 1}
    return frozenset(sure)
