"""Text to sentences, with exact offsets into the text as sent, and what each of them is."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from model.text.boundaries import Piece, Splitter
from model.text.kinds import kind_of
from model.text.layout import Paragraph, paragraphs
from model.text.passage import Passage
from model.text.quotations import OPENING, Quotation, attributions, quotations
from model.text.speakers import Speakers
from model.text.units import Kind, Layout, Sentence, Span

__all__ = ["Kind", "Layout", "Sentence", "iter_sentences", "read_sentences", "split_sentences"]


def read_sentences(
    text: str, *, layout: Layout = Layout.AUTO, whole_quotations: bool = False
) -> list[Sentence]:
    """Split a text into sentences, in order, and say what each is.

    Every visible character lies in a sentence, in the mark before one, or is the ">" of quoted
    mail. Time is linear in the length of the text.
    """
    return list(iter_sentences(text, layout=layout, whole_quotations=whole_quotations))


def split_sentences(text: str) -> list[Sentence]:
    """Split a text of any layout, quotations too."""
    return read_sentences(text)


def iter_sentences(
    text: str, *, layout: Layout = Layout.AUTO, whole_quotations: bool = False
) -> Iterator[Sentence]:
    """Yield what `read_sentences` lists, paragraph by paragraph."""
    reader = _Reader(text, whole_quotations=whole_quotations)
    for index, sentence in enumerate(_in_order(reader, paragraphs(text, layout))):
        yield sentence if sentence.index == index else replace(sentence, index=index)


def _in_order(reader: "_Reader", found: Iterator[Paragraph]) -> Iterator[Sentence]:
    """Sentences by where they begin: a page header may stand inside a paragraph."""
    waiting: list[Sentence] = []
    edge = 0
    for paragraph, following in _with_next(found):
        units = list(reader.read(paragraph, following))
        if paragraph.furniture and paragraph.start < edge:
            waiting += units
            continue
        yield from sorted(waiting, key=lambda each: each.start)
        waiting, edge = units, paragraph.end
    yield from sorted(waiting, key=lambda each: each.start)


def _with_next(found: Iterator[Paragraph]) -> Iterator[tuple[Paragraph, Paragraph | None]]:
    """Pair each paragraph with the next that is no furniture."""
    held: list[Paragraph] = []
    for paragraph in found:
        if not paragraph.furniture:
            yield from ((each, paragraph) for each in held)
            held = []
        held.append(paragraph)
    yield from ((each, None) for each in held)


class _Reader:
    """Reads paragraphs in order; knows who speaks and whose quotation is still open."""

    def __init__(self, text: str, *, whole_quotations: bool) -> None:
        self._text, self._whole_quotations = text, whole_quotations
        self._speakers = Speakers(text)
        self._speaker: str | None = None
        self._turn: int | None = None
        self._carried: Span | None = None
        self._count = count()

    def read(self, paragraph: Paragraph, following: Paragraph | None) -> Iterator[Sentence]:
        """Yield the sentences of a paragraph, their indexes still to be set."""
        if paragraph.furniture:
            (start, end) = paragraph.parts[0]
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
        pieces = [splitter.whole()] if paragraph.whole else list(splitter.pieces())
        sources = self._sources(passage, quotes, pieces)
        for piece, source in zip(pieces, sources, strict=True):
            yield from self._label(passage, piece)
            if piece.prefix.body < piece.end:
                unit = self._unit(passage, piece, source)
                alone = len(pieces) == 1
                yield self._with_kind(unit, paragraph, following, alone=alone)

    def _label(self, passage: Passage, piece: Piece) -> Iterator[Sentence]:
        """Yield the speaker's label before a sentence, if there is one."""
        prefix = piece.prefix
        if prefix.speaker is None:
            return
        self._turned(prefix.speaker)
        end = prefix.mark + len(passage.text[prefix.mark : prefix.label].rstrip())
        mark = _span(passage, prefix.start, prefix.mark)
        yield self._made(passage, prefix.mark, end, kind="speaker", mark=mark)

    def _unit(self, passage: Passage, piece: Piece, source: Span | None) -> Sentence:
        prefix = piece.prefix
        before = prefix.start if prefix.speaker is None else prefix.label
        mark = _span(passage, before, prefix.body)
        return self._made(passage, prefix.body, piece.end, mark=mark, attribution=source)

    def _made(
        self,
        passage: Passage,
        begin: int,
        stop: int,
        *,
        kind: Kind = "sentence",
        mark: Span | None = None,
        attribution: Span | None = None,
    ) -> Sentence:
        start, end = passage.span(begin, stop)
        return Sentence(
            next(self._count),
            start,
            end,
            self._text[start:end],
            kind,
            passage.parts(begin, stop),
            passage.reading(begin, stop),
            mark,
            self._speaker,
            self._turn,
            attribution,
        )

    def _with_kind(
        self, unit: Sentence, paragraph: Paragraph, following: Paragraph | None, *, alone: bool
    ) -> Sentence:
        if paragraph.whole:
            return unit
        if alone and unit.mark is None and self._speakers.is_repeated(unit.text):
            self._turned(unit.text.strip("*_ "))
            return replace(unit, kind="speaker", speaker=self._speaker, turn=self._turn)
        if unit.mark is not None and self._text[unit.mark[0]] == "#":
            return replace(unit, kind="heading")
        opens = following is not None and self._opens_quotation(following)
        kind = kind_of(
            unit.text,
            alone=alone,
            listed=paragraph.listed or unit.mark is not None,
            last=following is None,
            before_quotation=opens,
        )
        if kind == "attribution":
            self._carried = (unit.start, unit.end)
        return unit if kind == "sentence" else replace(unit, kind=kind)

    def _turned(self, speaker: str) -> None:
        self._speaker = speaker
        self._turn = 0 if self._turn is None else self._turn + 1

    def _opens_quotation(self, paragraph: Paragraph) -> bool:
        return self._text.startswith(OPENING, paragraph.start)

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
