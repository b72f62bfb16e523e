"""Whether the words of an archive are those of the corpus that the shipped model was made of."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from data.annotation.annotation import Annotation
from data.annotation.files import corpus_files, read_annotations
from model.errors import InvalidData

_WORDS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Vocabulary:
    """Words of the corpus, and how many of a document's are usually in no other document.

    Attributes:
        words: empty where there is no corpus to compare with.
        usual: the median over the corpus's documents, of the share of a document's words that no
            other document has.
        high: the share that one in twenty documents exceeds.
    """

    words: frozenset[str]
    usual: float
    high: float

    def count(self, texts: Iterable[str]) -> tuple[int, int]:
        """Count words, and those that the corpus does not have."""
        if not self.words:
            return 0, 0
        words = words_of(" ".join(texts))
        return len(words), sum(word not in self.words for word in words)


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return _WORDS.findall(text.casefold())


@cache
def corpus_vocabulary() -> Vocabulary:
    """The vocabulary of the corpus beside the program; an image of the service has none."""
    try:
        return vocabulary_of(read_annotations(corpus_files(), unique=False))
    except InvalidData:
        return vocabulary_of([])


def vocabulary_of(annotations: Iterable[Annotation]) -> Vocabulary:
    """Count the words of documents, each against all the others."""
    documents: dict[str, Counter[str]] = {}
    for number, each in enumerate(annotations):
        documents.setdefault(each.doc or str(number), Counter()).update(words_of(each.text))
    spread = Counter(word for words in documents.values() for word in words)
    alone = [
        sum(count for word, count in words.items() if spread[word] == 1) / words.total()
        for words in documents.values()
        if words
    ]
    usual, high = np.percentile(alone, [50, 95]) if alone else (0.0, 0.0)
    return Vocabulary(frozenset(spread), float(usual), float(high))
