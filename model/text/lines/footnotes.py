"""Notes at the foot of a page, where they stand inside the text: "1 See A/12/4, para. 3."."""

import re
from collections.abc import Sequence

from model.text.abbreviations import OPEN_WORDS
from model.text.lines.lines import Line
from model.text.lines.page_forms import is_rule

_NOTE = re.compile(
    r"(?:\[?(?P<number>\d{1,3})\]?|[*\u2020\u2021\u00a7]{1,3}|[a-z](?=\s))\s{1,6}(?=[\"\u201c(]?[A-Z])"
)
_CITES = re.compile(
    r"\S+\s+(?:See|Ibid|Id\.|Op\.|Cf|Loc\.|Supra|Idem|Available|Adopted|Resolution|Official"
    r"|[A-Z]{1,5}(?:\.[A-Z]{1,5})?/)"
)


def footnotes(lines: Sequence[Line], found: Sequence[bool]) -> list[int]:
    """Number the notes that lines belong to, from 1; 0 for the others.

    A note begins below a rule; or, where there is none, cites something in the middle of a
    sentence. `found` says which lines are the page's by their form.
    """
    notes = [0] * len(lines)
    at = number = 0
    while at < len(lines):
        if found[at] or not _begins_block(lines, found, at):
            at += 1
            continue
        end = _end(lines, found, at)
        for place in range(at, end):
            number += place == at or _NOTE.match(lines[place].text) is not None
            notes[place] = number
        at = end
    return notes


def _begins_block(lines: Sequence[Line], found: Sequence[bool], at: int) -> bool:
    if at == 0 or not _NOTE.match(lines[at].text):
        return False
    if found[at - 1]:
        return is_rule(lines[at - 1].text)
    if not lines[at].after_blank or lines[at - 1].closed or not _CITES.match(lines[at].text):
        return False
    after = _end(lines, found, at)
    return after < len(lines) and _runs_on(lines[at - 1], lines[after])


def _end(lines: Sequence[Line], found: Sequence[bool], start: int) -> int:
    """The first line behind a block of notes."""
    at = start + 1
    while at < len(lines) and not found[at] and not lines[at].new_page:
        again = _NOTE.match(lines[at].text) is not None
        if not again and (lines[at].after_blank or lines[at - 1].closed):
            break
        at += 1
    return at


def _runs_on(before: Line, after: Line) -> bool:
    return after.text[0].islower() or before.text.rpartition(" ")[2] in OPEN_WORDS
