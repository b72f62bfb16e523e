"""Text to blocks: the runs of lines inside which sentences are looked for.

A line break ends a block at a blank line, before a list item, after closing punctuation and
after a heading; it does not where mail programs and PDF extraction wrapped a running sentence.
Linear in the length of the text: every line is looked at once, next to its neighbour.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_LIST_ITEM = re.compile(
    r"\s*(?:[-\u2013\u2014*\u2022\u25aa\u25e6\u00b7\u2023]\s+"
    r"|\(?(?:\d{1,3}|[ivxlcIVXLC]{1,6}|[a-zA-Z])[.)]\s+"
    r"|\d{1,3}(?:\.\d{1,3}){1,3}\.?\s+)"
)
_ENDS_BLOCK = re.compile(r"[.!?\u2026:;][\"'\u201d\u2019\u00bb)\]]*\s*\Z")
_ENDS_CLAUSE = re.compile(r"[:;]\s*\Z")
# A shorter unfinished line before a capital is a heading, not a wrapped line: mail wraps at 60-80.
_SHORTEST_WRAPPED = 40
_LONGEST_WRAPPED = 100


@dataclass(frozen=True)
class _Line:
    start: int
    text: str
    after_blank: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def closed(self) -> bool:
        # the tail is enough, and keeps the search from walking a long line at every character
        return _ENDS_BLOCK.search(self.text[-12:]) is not None


def blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each block of the text, in order; white space between is left out."""
    lines = list(_lines(text))
    if not lines:
        return
    wrapped = _is_hard_wrapped(lines)
    start = lines[0].start
    for line, following in pairwise(lines):
        if not _continues(line, following, wrapped=wrapped):
            yield start, line.end
            start = following.start
    yield start, lines[-1].end


def _lines(text: str) -> Iterator[_Line]:
    previous_end = 0
    for match in _LINE.finditer(text):
        content = match.group().strip()
        if not content:
            continue
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        gap = text[previous_end:start]
        yield _Line(start, content, len(_BREAK.findall(gap)) > 1)
        previous_end = start + len(content)


def _is_hard_wrapped(lines: list[_Line]) -> bool:
    if max(len(line.text) for line in lines) > _LONGEST_WRAPPED:
        return False
    neighbours = [line for line, following in pairwise(lines) if not following.after_blank]
    unfinished = sum(not line.closed and len(line.text) >= _SHORTEST_WRAPPED for line in neighbours)
    return unfinished >= 2 and unfinished * 2 >= len(neighbours)


def _continues(line: _Line, following: _Line, *, wrapped: bool) -> bool:
    if following.after_blank or _LIST_ITEM.match(following.text):
        return False
    if following.text[0].islower():
        return _ENDS_CLAUSE.search(line.text[-3:]) is None
    return wrapped and not line.closed and len(line.text) >= _SHORTEST_WRAPPED
