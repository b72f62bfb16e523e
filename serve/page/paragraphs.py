"""Sentences to blocks: where on the page a paragraph, heading or list item begins and ends."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from model.scored import ScoredSentence
from serve.page.view import OwnAnswer, SentenceView, view_sentence

_BLANK_LINE = re.compile(r"\n[ \t\r\f\v\u00a0>]*\n")
# kinds that stand alone; a speaker's label begins the block of what is said
_ALONE = ("heading", "furniture")


@dataclass(frozen=True)
class Placed:
    """A sentence and its place.

    Attributes:
        begins: the block that begins with it: "p", "heading", "furniture", "item"; "" none does.
        ends_before: whether a block ends before it.
    """

    view: SentenceView
    begins: str
    ends_before: bool


class Paragraphs:
    """Places the sentences of one statement, part by part.

    `text` is the statement as it was scored; `own` are the reader's answers, by hash of the text.
    """

    def __init__(self, text: str, own: Mapping[str, OwnAnswer]) -> None:
        self._text, self._own = text, own
        self._end, self._kind = 0, ""
        self.views: list[SentenceView] = []

    def place(self, scored: Sequence[ScoredSentence]) -> Iterator[Placed]:
        """Place the next sentences."""
        for row in scored:
            begins = self._block(row)
            view = view_sentence(row, self._text, self._own, self._end)
            yield Placed(view, begins, bool(begins and self.views))
            self.views.append(view)
            self._end, self._kind = row.sentence.end, row.sentence.kind

    def _block(self, row: ScoredSentence) -> str:
        sentence, gap = row.sentence, self._text[self._end : row.sentence.start]
        if sentence.kind in _ALONE:
            return sentence.kind
        listed = sentence.mark is not None and "\n" in gap
        apart = self._kind in ("", *_ALONE) or sentence.kind == "speaker"
        if listed or apart or _BLANK_LINE.search(gap):
            return "item" if listed else "p"
        return ""
