"""The text of one paragraph, and where its characters stand in the text it came from."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from html import unescape
from itertools import accumulate

from model.text.units import Span

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,300}\)")
_EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,3}(?=\w)|(?<=\w)_{1,3}(?!\w)|`(?!`)(?<!``)")
_MARKUP = re.compile(r"[<&*`_]|\]\(")


class Passage:
    """Parts of a text joined by line breaks, with positions mapped back.

    Attributes:
        text: what is read.
    """

    def __init__(self, whole: str, parts: Sequence[Span]) -> None:
        self._whole, self._parts = whole, parts
        pieces = [whole[start:end] for start, end in parts]
        self.text = pieces[0] if len(pieces) == 1 else "\n".join(pieces)
        lengths = [len(piece) + 1 for piece in pieces]
        self._starts = [0, *accumulate(lengths)][: len(parts)]

    def span(self, start: int, end: int) -> Span:
        """The positions of a stretch in the text it came from."""
        return self._place(start), self._place(end - 1) + 1

    def parts(self, start: int, end: int) -> tuple[Span, ...]:
        """The parts of a stretch; empty if it is in one piece."""
        if len(self._parts) == 1:
            return ()
        begin, stop = self.span(start, end)
        first = bisect_right(self._parts, (begin, len(self._whole) + 1)) - 1
        found = []
        for left, right in self._parts[first:]:
            if left >= stop:
                break
            found.append((max(left, begin), min(right, stop)))
        return tuple(found) if len(found) > 1 else ()

    def reading(self, start: int, end: int) -> str | None:
        """What of a stretch is scored, or None where it is what stands in the text."""
        text = self.text[start:end]
        read = without_markup(text) if _MARKUP.search(text) else text
        same = read == text and (len(self._parts) == 1 or not self.parts(start, end))
        return None if same else read

    def _place(self, at: int) -> int:
        if len(self._parts) == 1:
            return self._parts[0][0] + at
        part = bisect_right(self._starts, at) - 1
        return self._parts[part][0] + at - self._starts[part]


def without_markup(text: str) -> str:
    """Text without tags, entities, emphasis and addresses of links."""
    plain = _LINK.sub(r"\1", _TAG.sub(" ", text))
    plain = _EMPHASIS.sub("", plain)
    return unescape(plain).strip() or text
