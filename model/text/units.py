"""What reading a text gives: sentences, and what stands between them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Span = tuple[int, int]
Kind = Literal["sentence", "heading", "speaker", "furniture", "attribution"]

# What can express a stance. The others are returned, so that nothing of a text is lost.
CLAIMS: frozenset[Kind] = frozenset(("sentence", "heading"))


class Layout(StrEnum):
    """How the lines of a text are to be taken."""

    AUTO = "auto"
    WRAPPED = "wrapped"
    ONE_SENTENCE_PER_LINE = "one_sentence_per_line"
    PARAGRAPHS = "paragraphs"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One unit of a text; `text` is `text[start:end]` of the text sent, in Unicode code points.

    Attributes:
        kind: sentence; heading (a title, a line of a list of names, an address); speaker (a label
            such as "MR. ODAL:"); furniture (page headers, rules, credits, markup); attribution
            ("The Minister said:", where it stands by itself before a quotation).
        parts: what is read, where that is not all of `text`: a page header, or the ">" of quoted
            mail, stands in between. Empty where it is all.
        reading: what the model scores, where that is not `text`: the parts, without markup.
        mark: what stands before the sentence and is not scored: "(a)", "12.", a bullet, a dateline.
        speaker: who speaks, as the last speaker label says.
        turn: number of that label in the text, from 0.
        attribution: the words that say whose quotation the sentence belongs to.
    """

    index: int
    start: int
    end: int
    text: str
    kind: Kind = "sentence"
    parts: tuple[Span, ...] = ()
    reading: str | None = None
    mark: Span | None = None
    speaker: str | None = None
    turn: int | None = None
    attribution: Span | None = None

    @property
    def scored(self) -> str:
        """What the model reads."""
        return self.text if self.reading is None else self.reading
