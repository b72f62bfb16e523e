"""Text to sentences, with exact offsets into the text as sent.

Boundaries inside a block come from sentencex, which won against five other libraries on the cases
of tests/model/text/sentence_cases.txt (docs/sentences.md has the table). What it does not know of
official prose is added around it: layout (model/text/layout.py), resolution clauses, and the
abbreviations below.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sentencex import get_sentence_boundaries

from model.text.layout import blocks

Span = tuple[int, int]

# Abbreviations that sentencex 1.0 ends a sentence at, and that never end one in this prose.
_NEVER_LAST = frozenset(
    (
        "Adm. Amb. Approx. approx. Arts. arts. Brig. Cf. cf. Ch. chap. Col. Doc. doc. Ft. Gov. "
        "Hon. Maj. Messrs. Mgr. Ms. Mt. MV. M.V. Nos. Para. Paras. para. paras. pp. Ref. Rep. "
        "Res. res. Rt. Sect. Sects. sect. sects. Sen. Sgt. S.S. Supp. Vol. Vols. vol. vols."
    ).split()
)
_LIST_MARKER = re.compile(r"\(?(?:\d{1,3}|[ivxlcIVXLC]{1,6}|[a-zA-Z])[.)]\Z")
# "(It had no seconder.) The house rose.": a sentence that stands in brackets of its own
_BRACKETED = re.compile(r"\([^()]*[.!?][\"\u201d\u2019\u00bb]?\)\s+")
# One operative clause, one unit: "Welcomes the truce; Condemns the shelling". A capital after the
# semicolon and a small letter after that word tell clauses from lists of names ("Peru; Chile").
_CLAUSE_END = re.compile(r";\s+(?=(?:\(?(?:\d{1,3}|[ivxlc]{1,6}|\w)[.)]\s+)?[A-Z][a-z]+\s+[a-z])")


@dataclass(frozen=True)
class Sentence:
    """One unit of classification: `text[start:end]` of the text sent, in Unicode code points."""

    index: int
    start: int
    end: int
    text: str


def split_sentences(text: str) -> list[Sentence]:
    """Split a text into sentences, in order.

    Every character that is not white space lies in exactly one sentence. Time is linear in the
    length of the text.
    """
    spans = [
        clause
        for block in blocks(text)
        for sentence in _sentences(text, block)
        for clause in _clauses(text, sentence)
    ]
    return [Sentence(i, start, end, text[start:end]) for i, (start, end) in enumerate(spans)]


def _sentences(text: str, block: Span) -> Iterator[Span]:
    offset, end = block
    found = [
        _stripped(text, offset + row["start_index"], offset + row["end_index"])
        for row in get_sentence_boundaries("en", text[offset:end])
    ]
    spans = [span for span in found if span[0] < span[1]]
    starts = [spans[0][0]]
    starts += [after[0] for before, after in pairwise(spans) if not _is_unfinished(text, before)]
    for start, following in zip(starts, [*starts[1:], end], strict=True):
        yield from _split_at(text, _stripped(text, start, following), _BRACKETED, once=True)


def _clauses(text: str, sentence: Span) -> Iterator[Span]:
    yield from _split_at(text, sentence, _CLAUSE_END)


def _split_at(text: str, span: Span, pattern: re.Pattern[str], *, once: bool = False) -> list[Span]:
    """Cut a span after each match of the pattern, or after one match at its very start."""
    start, end = span
    match = pattern.match(text, start, end) if once else None
    ends = (
        [match.end()]
        if match
        else ([] if once else [m.end() for m in pattern.finditer(text, start, end)])
    )
    edges = [start, *ends, end]
    return [_stripped(text, left, right) for left, right in pairwise(edges) if left < right]


def _is_unfinished(text: str, span: Span) -> bool:
    start, end = span
    if end - start <= 8 and _LIST_MARKER.match(text, start, end):
        return True
    return text[max(start, end - 12) : end].rpartition(" ")[2].lstrip("(") in _NEVER_LAST


def _stripped(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    return start + left, start + left + len(piece.strip())
