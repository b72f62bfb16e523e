"""Quoted mail: the marks before its lines, and the words that a mail program pushed off them."""

import re
from collections.abc import Sequence

from model.text.abbreviations import TITLES
from model.text.lines.lines import Line

_PIPED = re.compile(r"^[ \t]{0,3}(?:>[> \t]*)?\|(?:[ \t][^|\r\n]*)?\r?$", re.MULTILINE)
_PIPE_FIRST = re.compile(r"^[ \t]{0,3}(?:>[> \t]*)?\|", re.MULTILINE)
# Lines that "|" quotes, at least; fewer may be the border of something.
_FEWEST = 3
# What was pushed off is short, beside a line that was full: as wide as this share of those around.
_PUSHED = 30
_FULL = 0.85
_COLUMN = 40
_AROUND = 4


def is_piped(text: str) -> bool:
    """Whether "|" quotes lines, as some programs do; in tables it stands between columns, too."""
    piped = len(_PIPED.findall(text))
    return piped >= _FEWEST and piped == len(_PIPE_FIRST.findall(text))


def requoted(lines: Sequence[Line]) -> list[Line]:
    """Give back to a quotation the words that its next line was too narrow for.

    "> the President of the⏎Republic⏎> has agreed" is how mail programs break quoted lines that the
    ">" made too long.
    """
    found: list[Line] = []
    for i, line in enumerate(lines):
        if i and lines[i - 1].depth and not line.depth and _is_pushed(lines, i):
            before = found[-1]
            found[-1] = before._replace(end=line.end, text=f"{before.text} {line.text}")
        else:
            found.append(line)
    return found


def _is_pushed(lines: Sequence[Line], at: int) -> bool:
    before, line = lines[at - 1], lines[at]
    after = lines[at + 1] if at + 1 < len(lines) else None
    if line.after_blank or len(line.text) > _PUSHED or (before.closed and _ends(line)):
        return False
    around = lines[max(0, at - _AROUND) : at + _AROUND + 1]
    column = max(each.width for each in around if each.depth)
    if column < _COLUMN or before.width + 1 + len(line.first_word) <= _FULL * column:
        return False
    if after is not None and after.depth == before.depth:
        return True
    return not before.closed and (" " not in line.text or line.text[0].islower())


def _ends(line: Line) -> bool:
    """Whether a line ends a sentence; a title and the number of a paragraph end none."""
    word = line.text.rpartition(" ")[2].rstrip(".")
    return line.closed and word.lower() not in TITLES and not word.isdigit()
