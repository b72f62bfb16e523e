"""How a request wants its text to be read, and the sentences that gives."""

from collections.abc import Iterator
from dataclasses import dataclass

from model.text.sentences import given_sentences, iter_sentences
from model.text.units import Layout, Sentence, Span


@dataclass(frozen=True)
class Reading:
    """How one text is divided into sentences.

    Attributes:
        layout: how its lines are to be taken.
        whole_quotations: whether a quotation of several sentences stays one.
        spans: the caller's own sentences, as [start, end) in code points; then nothing is split.
    """

    layout: Layout = Layout.AUTO
    whole_quotations: bool = False
    spans: tuple[Span, ...] = ()

    def sentences(self, text: str) -> Iterator[Sentence]:
        """Yield the sentences of a text in order, as soon as each is known.

        Raises:
            UnusableSpans: the spans are not sentences of this text.
        """
        if self.spans:
            return iter(given_sentences(text, self.spans))
        return iter_sentences(text, layout=self.layout, whole_quotations=self.whole_quotations)


def each_as_one(texts: list[str]) -> list[Sentence]:
    """Take every text as one sentence, whatever it holds."""
    return [Sentence(i, 0, len(text), text) for i, text in enumerate(texts)]
