"""Sentences that are nearly the same: Jaccard similarity of their word trigrams.

An inverted index finds the pairs that share a trigram; those that occur in more than 50 sentences
are formulas of the genre and would only cost time, so they do not propose pairs.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_COMMON = 50

Trigram = tuple[str, str, str]


@dataclass(frozen=True)
class NearDuplicate:
    """Two positions in the texts given, the later one second, and how similar they are (0 to 1)."""

    first: int
    second: int
    similarity: float


def near_duplicates(texts: Sequence[str], *, similarity: float) -> Iterator[NearDuplicate]:
    """Yield every pair of texts at least so similar, in the order of the later text."""
    shingles = [_trigrams(text) for text in texts]
    index: defaultdict[Trigram, list[int]] = defaultdict(list)
    for second, own in enumerate(shingles):
        candidates = {i for gram in own for i in index[gram]}
        for first in sorted(candidates):
            shared = len(own & shingles[first]) / len(own | shingles[first])
            if shared >= similarity:
                yield NearDuplicate(first, second, shared)
        for gram in own:
            if len(index[gram]) < _COMMON:
                index[gram].append(second)


def _trigrams(text: str) -> set[Trigram]:
    words = re.findall(r"\w+", text.casefold())
    padded = ["", *words, ""]
    return set(zip(padded, padded[1:], padded[2:], strict=False))
