"""Text to sentences, with exact offsets into the text as sent, and what each of them is."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from model.errors import UnusableSpans
from model.text.invisible import seen
from model.text.lines.line_numbers import without_numbers
from model.text.lines.lines import Line, has_captions, lines_of
from model.text.lines.mail import is_piped, requoted
from model.text.lines.paragraphs import Paragraph, paragraphs
from model.text.reader import Reader
from model.text.speakers import Speakers
from model.text.units import Kind, Layout, Sentence, Span

__all__ = [
    "Kind",
    "Layout",
    "Sentence",
    "given_sentences",
    "iter_sentences",
    "read_sentences",
    "split_sentences",
]


def read_sentences(
    text: str, *, layout: Layout = Layout.AUTO, whole_quotations: bool = False
) -> list[Sentence]:
    """Split a text into sentences, in order, and say what each is.

    Every visible character lies in a sentence, in the mark before one, or is the ">" or "|"
    of quoted mail. Time is linear in the length of the text.
    """
    return list(iter_sentences(text, layout=layout, whole_quotations=whole_quotations))


def split_sentences(text: str) -> list[Sentence]:
    """Split a text of any layout, quotations too."""
    return read_sentences(text)


def iter_sentences(
    text: str, *, layout: Layout = Layout.AUTO, whole_quotations: bool = False
) -> Iterator[Sentence]:
    """Yield what `read_sentences` lists, paragraph by paragraph."""
    clear = seen(text)
    shown = clear.text if clear else text
    lines = _lines(shown)
    speakers = Speakers(shown, lines)
    reader = Reader(shown, speakers, whole_quotations=whole_quotations)
    found = paragraphs(lines, layout, turns=speakers.turns, captions=has_captions(shown))
    for index, sentence in enumerate(_in_order(reader, found)):
        placed = clear.replaced(sentence) if clear else sentence
        yield placed if placed.index == index else replace(placed, index=index)


def given_sentences(text: str, spans: Sequence[Span]) -> list[Sentence]:
    """Take the sentences that the sender marks: [start, end) in code points, in order.

    Raises:
        UnusableSpans: one is empty, lies outside the text, or overlaps the one before it.
    """
    edge = 0
    for number, (start, end) in enumerate(spans):
        if not edge <= start < end <= len(text) or text[start:end].isspace():
            raise UnusableSpans(
                f"span {number} is [{start}, {end}]: spans hold words, come in order, do not "
                f"overlap, and end at {len(text)}, the length of the text, at the latest"
            )
        edge = end
    return [Sentence(i, start, end, text[start:end]) for i, (start, end) in enumerate(spans)]


def _lines(text: str) -> list[Line]:
    piped = "|" in text and is_piped(text)
    lines = list(lines_of(text, piped=piped))
    if piped or ">" in text:
        lines = requoted(lines)
    return without_numbers(lines)


def _in_order(reader: Reader, found: Iterator[Paragraph]) -> Iterator[Sentence]:
    """Sentences by where they begin: a page header may stand inside a paragraph."""
    waiting: list[Sentence] = []
    edge, mixed = 0, False
    for paragraph, following in _with_next(found):
        units = reader.read(paragraph, following)
        if paragraph.start < edge:
            waiting += units
            mixed = True
            continue
        yield from _by_start(waiting) if mixed else waiting
        waiting, edge, mixed = list(units), paragraph.end, False
    yield from _by_start(waiting)


def _by_start(sentences: list[Sentence]) -> list[Sentence]:
    return sorted(sentences, key=lambda each: each.start)


def _with_next(found: Iterator[Paragraph]) -> Iterator[tuple[Paragraph, Paragraph | None]]:
    """Pair each paragraph with the next that is no furniture."""
    held: list[Paragraph] = []
    for paragraph in found:
        if not paragraph.furniture:
            yield from ((each, paragraph) for each in held)
            held = []
        held.append(paragraph)
    yield from ((each, None) for each in held)
