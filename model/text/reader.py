"""One paragraph after another: its sentences, who speaks, and whose quotation is still open."""

from collections.abc import Iterator
from itertools import count

from model.text.boundaries.boundaries import Piece, Splitter
from model.text.boundaries.quotations import OPENING, Quotation, attributions, quotations
from model.text.kinds import Place, kind_of
from model.text.lines.paragraphs import Paragraph
from model.text.page_words import is_notice
from model.text.passage import Passage
from model.text.speakers import Speakers
from model.text.units import Kind, Sentence, Span

_DASHES = ("-", "--", "\u2013", "\u2014", "\u2015")
_CLOSING = ('"', "\u201d", "\u2019", "\u00bb", "''")


class Reader:
    """Reads the paragraphs of one text in order."""

    def __init__(self, text: str, speakers: Speakers, *, whole_quotations: bool) -> None:
        self._text, self._whole_quotations = text, whole_quotations
        self._speakers = speakers
        self._speaker: str | None = None
        self._turn: int | None = None
        self._carried: Span | None = None
        self._after_quotation = False
        self._count = count()

    def read(self, paragraph: Paragraph, following: Paragraph | None) -> Iterator[Sentence]:
        """Yield the sentences of a paragraph; `following` is the next that is no furniture."""
        if paragraph.furniture:
            start, end = paragraph.start, paragraph.end
            yield Sentence(next(self._count), start, end, self._text[start:end], "furniture")
            return
        passage = Passage(self._text, paragraph.parts)
        quotes = quotations(passage.text)
        splitter = Splitter(
            passage.text,
            self._speakers,
            quotes,
            listed=paragraph.listed,
            whole=self._whole_quotations,
        )
        if paragraph.whole or is_notice(passage.text):
            pieces = [splitter.whole(marked=paragraph.whole)]
        else:
            pieces = list(splitter.pieces())
        sources = self._sources(passage, quotes, pieces)
        for piece, source in zip(pieces, sources, strict=True):
            if piece.prefix.speaker is not None:
                yield self._label(passage, piece)
            if piece.prefix.body < piece.end:
                alone = len(pieces) == 1
                yield self._unit(passage, piece, source, paragraph, following, alone=alone)
        self._after_quotation = passage.text.endswith(_CLOSING)

    def _label(self, passage: Passage, piece: Piece) -> Sentence:
        """Return the speaker's label before a sentence; a new turn begins."""
        prefix = piece.prefix
        self._turned(prefix.speaker or "")
        end = prefix.mark + len(passage.text[prefix.mark : prefix.label].rstrip())
        mark = _span(passage, prefix.start, prefix.mark)
        return self._made(passage, (prefix.mark, end), "speaker", mark, None)

    def _unit(
        self,
        passage: Passage,
        piece: Piece,
        source: Span | None,
        paragraph: Paragraph,
        following: Paragraph | None,
        *,
        alone: bool,
    ) -> Sentence:
        prefix = piece.prefix
        before = prefix.start if prefix.speaker is None else prefix.label
        mark = _span(passage, before, prefix.body) if before < prefix.body else None
        text = passage.text[prefix.body : piece.end]
        listed = paragraph.listed or mark is not None or prefix.speaker is not None
        kind = self._kind(text, mark, paragraph, following, alone=alone, listed=listed)
        if kind == "speaker":
            self._turned(text.strip("*_ "))
        unit = self._made(passage, (prefix.body, piece.end), kind, mark, source)
        if kind == "attribution":
            self._carried = (unit.start, unit.end)
        return unit

    def _made(
        self,
        passage: Passage,
        local: Span,
        kind: Kind,
        mark: Span | None,
        attribution: Span | None,
    ) -> Sentence:
        start, end = passage.span(*local)
        return Sentence(
            next(self._count),
            start,
            end,
            self._text[start:end],
            kind,
            passage.parts(*local),
            passage.reading(*local),
            mark,
            self._speaker,
            self._turn,
            attribution,
        )

    def _kind(
        self,
        text: str,
        mark: Span | None,
        paragraph: Paragraph,
        following: Paragraph | None,
        *,
        alone: bool,
        listed: bool,
    ) -> Kind:
        if paragraph.whole:
            return "sentence"
        if alone and not listed and self._speakers.is_alone(text):
            return "speaker"
        if mark is not None and self._text[mark[0]] == "#":
            return "heading"
        opens = following is not None and self._text.startswith(OPENING, following.start)
        dashed = mark is not None and self._text[mark[0] : mark[1]] in _DASHES
        place = Place(alone, listed, dashed, following is None, opens, self._after_quotation)
        return kind_of(text, place)

    def _turned(self, speaker: str) -> None:
        self._speaker = speaker
        self._turn = 0 if self._turn is None else self._turn + 1

    def _sources(
        self, passage: Passage, quotes: list[Quotation], pieces: list[Piece]
    ) -> list[Span | None]:
        """For each sentence, the words that say whose quotation it is part of."""
        if not quotes:
            self._carried = None
            return [None] * len(pieces)
        found = attributions(passage.text, quotes, [(p.prefix.body, p.end) for p in pieces])
        spans = [span and passage.span(*span) for span in found]
        carried = self._carried if passage.text.startswith(OPENING) else None
        if carried and spans[0] is None:
            inside = quotes[0].end
            spans = [
                span or (carried if piece.prefix.body < inside else None)
                for span, piece in zip(spans, pieces, strict=True)
            ]
        self._carried = None if quotes[-1].closed else spans[-1]
        return spans


def _span(passage: Passage, start: int, end: int) -> Span | None:
    """What stands between two positions, without white space; None if nothing does."""
    piece = passage.text[start:end]
    inner = piece.strip()
    left = start + len(piece) - len(piece.lstrip())
    return passage.span(left, left + len(inner)) if inner else None
