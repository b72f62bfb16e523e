"""Brackets and quotations that are not cut, for places that are asked about in order."""

import re

from model.text.boundaries.quotations import VERBS, Quotation
from model.text.units import Span

_BRACKETS = re.compile(r"[()\[\]]")
# A pair further apart than this is no aside: one of the two was forgotten, or is a list's.
_LONGEST = 400
# Words of a cry such as “Out! Out! Shame!”
_CRIES = 6
_ATTRIBUTED = re.compile(rf"\s(?:he|she|they|it|we|I)?\s?(?:{VERBS})\b")


class Enclosures:
    """What of a paragraph stands inside brackets, or in quotations that are kept whole."""

    def __init__(self, text: str, quotes: list[Quotation], *, whole: bool) -> None:
        self._brackets = _brackets(text)
        self._quotes = [each for each in quotes if each.closed and (whole or _is_woven(text, each))]
        self._bracket = self._quote = 0

    def hold(self, start: int, end: int, body: int) -> bool:
        """Whether a sentence that begins at `body` may not end at [start, end)."""
        return self._in_brackets(start, end, body) or self._in_quotation(start, end)

    def _in_brackets(self, start: int, end: int, body: int) -> bool:
        pairs = self._brackets
        while self._bracket < len(pairs) and pairs[self._bracket][1] < start:
            self._bracket += 1
        if self._bracket == len(pairs):
            return False
        opened, closed = pairs[self._bracket]
        return body < opened < start and end <= closed

    def _in_quotation(self, start: int, end: int) -> bool:
        quotes = self._quotes
        while self._quote < len(quotes) and quotes[self._quote].end <= start:
            self._quote += 1
        if self._quote == len(quotes):
            return False
        quote = quotes[self._quote]
        return quote.start < start and end < quote.end


def _is_woven(text: str, quote: Quotation) -> bool:
    """Whether words are quoted inside a sentence: “a folly. A costly one.” and went."""
    after = text[quote.end : quote.end + 3].lstrip(" ,")
    if quote.end - quote.start > _LONGEST or not after[:1].islower():
        return False
    inner = text[quote.start : quote.end].lstrip("\"'\u201c\u2018\u00ab\u201e`\u00bb \u00a0")
    if inner[:1].islower():
        return True
    # “Out! Out!” as he spoke: what people shout, inside what is told of them
    told = text[max(0, quote.start - 3) : quote.start].rstrip()[-1:].isalpha()
    cries = (
        inner.count(" ") < _CRIES
        and "!" in inner[-3:]
        and "," not in text[quote.end : quote.end + 1]
    )
    return told and cries and not _ATTRIBUTED.match(text, quote.end, quote.end + 40)


def _brackets(text: str) -> list[Span]:
    """Outermost pairs of brackets, in order; what has no partner nearby is none."""
    stack: list[int] = []
    pairs: list[Span] = []
    for match in _BRACKETS.finditer(text):
        if match.group() in "([":
            stack.append(match.start())
        elif stack:
            opened = stack.pop()
            if match.start() - opened > _LONGEST:
                continue
            while pairs and pairs[-1][0] > opened:
                pairs.pop()
            pairs.append((opened, match.start()))
    return pairs
