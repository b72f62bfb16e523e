"""Text to paragraphs: the runs of lines inside which sentences are looked for.

A paragraph may consist of several parts of the text: a page header, or the ">" of quoted mail,
stands between them and is left out. Linear in the length of the text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from model.text.abbreviations import ends_with_abbreviation, wants_more
from model.text.lines.claims import says
from model.text.lines.footnotes import footnotes
from model.text.lines.furniture import furniture
from model.text.lines.line_ends import cannot_end, is_open, is_title
from model.text.lines.lines import Line
from model.text.lines.marks import Items, begins_with_reference
from model.text.lines.page_forms import has_form
from model.text.lines.wraps import Wraps
from model.text.units import Layout, Span

# A line this short before what looks like an item is a heading or an introduction.
_SHORT = 30
# The time of day, which stands by itself in records of parliaments.
_CLOCK = re.compile(r"\d{1,2}(?:[.:]\d{2})?\s?(?:[ap]\.?m\.?|noon)")
_BEFORE_HOUR = frozenset("at from until till by to before after around about and past".split())
# A name that is not ended: "Miss A.".
_INITIAL = re.compile(r"[A-Z][a-z]+\.?\s(?:[A-Z]\.\s?)+\Z")
# How the words of somebody end who was interrupted, or a remark of the record.
_BROKEN_OFF = "-\u2013\u2014)]"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Parts of a text that are read as one.

    Attributes:
        furniture: whether it belongs to the page.
        listed: whether it begins with the mark of a list.
        whole: whether it is one sentence, whatever it holds.
    """

    parts: tuple[Span, ...]
    furniture: bool = False
    listed: bool = False
    whole: bool = False

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.parts[0][0]

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.parts[-1][1]


def paragraphs(
    lines: Sequence[Line], layout: Layout, *, turns: frozenset[int], captions: bool
) -> Iterator[Paragraph]:
    """Yield the paragraphs of a text by where they begin; every visible character is in one.

    Args:
        lines: the text's; looked at before the first paragraph is yielded.
        layout: how they are meant.
        turns: where the lines begin that begin with a speaker's label.
        captions: whether it is the text of a film.
    """
    if layout is Layout.ONE_SENTENCE_PER_LINE:
        yield from (Paragraph(((line.start, line.end),), whole=True) for line in lines)
    elif lines:
        yield from _Reader(lines, layout, turns, captions=captions).paragraphs()


class _Reader:
    def __init__(
        self, lines: Sequence[Line], layout: Layout, turns: frozenset[int], *, captions: bool
    ) -> None:
        self._lines, self._layout, self._turns, self._captions = lines, layout, turns, captions
        found = [
            has_form(line.text) and not _ends_a_sentence(lines, i) for i, line in enumerate(lines)
        ]
        self._notes = footnotes(lines, found)
        noted = [form or note > 0 for form, note in zip(found, self._notes, strict=True)]
        self._page = furniture(lines, noted)
        self._items = Items(lines)
        self._wraps = Wraps(lines)

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield paragraphs, each followed by the furniture that stands inside or behind it."""
        own: list[int] = []
        page: list[int] = []
        for number in range(len(self._lines)):
            if self._page[number]:
                page.append(number)
                continue
            if own and not self._continues(own[-1], number):
                yield from self._made(own, page)
                own, page = [], []
            elif not own:
                yield from self._made([], page)
                page = []
            own.append(number)
        yield from self._made(own, page)

    def _made(self, own: list[int], page: list[int]) -> Iterator[Paragraph]:
        if own:
            yield Paragraph(self._parts(own), listed=self._is_item(own[0]))
            for number in own:
                for span in self._lines[number].numbers:
                    yield Paragraph((span,), furniture=True)
        for _, numbers in groupby(page, key=lambda number: self._notes[number] or -number - 1):
            yield self._of_page(list(numbers))

    def _of_page(self, numbers: list[int]) -> Paragraph:
        """Return a line of the page, or a note at its foot; a note that says something is read."""
        parts = self._parts(numbers)
        said = self._notes[numbers[0]] and any(says(self._lines[i].text) for i in numbers)
        return Paragraph(parts, furniture=not said, listed=True)

    def _parts(self, own: list[int]) -> tuple[Span, ...]:
        parts = [(self._lines[own[0]].start, self._lines[own[0]].end)]
        for before, number in pairwise(own):
            line = self._lines[number]
            if number == before + 1 and not line.depth and not line.numbers:
                parts[-1] = (parts[-1][0], line.end)
            else:
                parts.append((line.start, line.end))
        return tuple(parts)

    def _is_item(self, number: int) -> bool:
        style = self._items.styles[number]
        return bool(style) and (
            style == "strong" or self._items.in_list(number, self._lines[number].text)
        )

    def _continues(self, number: int, following: int) -> bool:
        line, after = self._lines[number], self._lines[following]
        if self._layout is Layout.PARAGRAPHS or line.depth != after.depth:
            return False
        if self._begins_item(number, following) or self._begins_turn(line, after):
            return False
        if self._layout is Layout.WRAPPED and not after.after_blank:
            return True
        if self._captions:
            return not line.closed and line.text[-1] not in "])" and after.text[0] not in "[("
        if following > number + 1 and _ends_heading(line, after):
            return False
        return self._wraps.goes_on(number, following)

    def _begins_turn(self, line: Line, after: Line) -> bool:
        """Whether somebody else speaks on a line; not in a sentence that names somebody there."""
        if after.start not in self._turns:
            return False
        if wants_more(line.text, after.text) or _INITIAL.search(line.text[-30:]):
            return False  # the label was broken: "Mr." and "ODAL:"
        return line.closed or line.text[-1] in _BROKEN_OFF

    def _begins_item(self, number: int, following: int) -> bool:
        """Whether a line that looks like an item is one, and not a number at a line's start."""
        if not self._items.styles[following]:
            return False
        line, after = self._lines[number], self._lines[following]
        closed = line.closed and not ends_with_abbreviation(line.text)
        if begins_with_reference(after.text) and not closed and not after.after_blank:
            return not self._wraps.goes_on(number, following)
        if self._is_item(following) or after.after_blank:
            return True
        return closed or (line.width < _SHORT and not is_open(line.text))


def _ends_heading(line: Line, after: Line) -> bool:
    """Whether a title ends above what the page prints: pages break sentences, not letterheads."""
    return after.after_blank and is_title(line.text) and not cannot_end(line.text, after.text)


def _ends_a_sentence(lines: Sequence[Line], number: int) -> bool:
    """Whether a time of day is what the line before wants: "on Saturday at" and "9 a.m."."""
    line = lines[number]
    if number == 0 or line.after_blank or not _CLOCK.fullmatch(line.text):
        return False
    return lines[number - 1].text.rpartition(" ")[2] in _BEFORE_HOUR
