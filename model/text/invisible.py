"""Characters that are not seen: a text is read without them, and places are given with them.

Marks of writing direction, zero-width spaces, soft hyphens and byte order marks stand anywhere in
what people paste: behind full stops, in the middle of datelines and labels. No rule on words or
stops could allow for them everywhere, so none has to.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from model.text.units import Sentence, Span

# A soft hyphen at the end of a line says that the word goes on. Joiners between characters beyond
# ASCII shape them: Persian and Indian words, families of emoji.
_CHARACTERS = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060"
    "\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\ufeff"
)
_INVISIBLE = re.compile(
    "[\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
    "|\u00ad(?![ \t]*[\r\n])"
    "|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)


class Seen:
    """What is seen of a text, with positions mapped back.

    Attributes:
        text: the text without invisible characters.
    """

    def __init__(self, whole: str, hidden: Sequence[Span]) -> None:
        self._whole = whole
        self._places = [0, *(end for _, end in hidden)]
        pieces = [
            whole[start:end]
            for start, end in zip(
                self._places, [*(start for start, _ in hidden), len(whole)], strict=True
            )
        ]
        self.text = "".join(pieces)
        self._starts = [0, *accumulate(len(piece) for piece in pieces[:-1])]

    def replaced(self, sentence: Sentence) -> Sentence:
        """Return a sentence of the seen text as one of the whole text."""
        start, end = self._span((sentence.start, sentence.end))
        text = self._whole[start:end]
        return replace(
            sentence,
            start=start,
            end=end,
            text=text,
            parts=tuple(self._span(part) for part in sentence.parts),
            reading=None if sentence.scored == text else sentence.scored,
            mark=sentence.mark and self._span(sentence.mark),
            attribution=sentence.attribution and self._span(sentence.attribution),
        )

    def _span(self, span: Span) -> Span:
        return self._place(span[0]), self._place(span[1] - 1) + 1

    def _place(self, at: int) -> int:
        piece = bisect_right(self._starts, at) - 1
        return self._places[piece] + at - self._starts[piece]


def seen(text: str) -> Seen | None:
    """What is seen of a text, or None where that is all of it or nothing."""
    # thirty plain searches: one pattern took a twentieth of the time of splitting
    if text.isascii() or not any(char in text for char in _CHARACTERS):
        return None
    hidden = [match.span() for match in _INVISIBLE.finditer(text)]
    found = Seen(text, hidden) if hidden else None
    return found if found and found.text.strip() else None
