"""Labels of clauses, articles and paragraphs inside a paragraph: what they are, what they follow.

Those that begin lines are known to `lines.marks`; on one line with the words before them, and in
brackets, they need evidence: a form of their own, or their neighbours in the count.
"""

import re

from model.text.lines.marks import mark_length

_PLACE = r"(?:\s?(?:bis|ter|quater|quinquies|sexies|alt))?"
_ROMAN = r"(?=[IVXLC])(?:X[CL]|L?X{0,3})(?:I[XV]|V?I{0,3})"
# Forms that only labels have, wherever a sentence begins.
_LABEL = re.compile(
    rf"\[(?:\(?\d{{1,3}}{_PLACE}[.)]|(?:PP|OP)\s?\d{{1,3}}{_PLACE}[.:)]?)\s+"  # an alternative
    rf"|(?:ARTICLE|Article|Art\.|SECTION|Section|Sec\.|CHAPTER|Chapter|PART|Part)\s{_ROMAN}"
    r"(?:\.|:|\s?[\u2013\u2014-])\s+(?=[\"\u201c(]?[A-Z])"
    r"|[A-Z]{1,2}\.\s+(?=[Ww]hereas\b)"
    r"|[\u2013\u2014-]\s+(?=having regard to\b|whereas\b)"
)
# Of a treaty on one line: its articles' numbers stand on lines of their own.
_ARTICLE = re.compile(
    rf"(?:ARTICLE|Article)\s(?:\d{{1,3}}|{_ROMAN})\s+(?:\d{{1,2}}\.\s+)?(?=[\"\u201c]?[A-Z][a-z])"
)
_HEADS = ("Ar", "Se", "Ch", "Pa")
_RESOLUTION = re.compile(r"\d{1,3}/\d{1,4}[A-Z]?\.\s+(?=[\"\u201c]?[A-Z])")
_ROMAN_ITEM = re.compile(rf"({_ROMAN})\.\s+(?=[\"\u201c(]?[A-Z])")
_NUMBER = re.compile(r"(\d{1,3})\.\s")
_NUMBERED = re.compile(r"(?<!\S)(\d{1,3})\.\s")
_NEXT = re.compile(r"[.;:!?\"\u201d]\s(\d{1,3})\.\s")
# Before a clause, behind a semicolon or comma.
_CLAUSE_LABEL = re.compile(
    rf"(?:PP|OP|Pp|Op)\s?\d{{1,3}}{_PLACE}[.:)]?\s+[A-Z]|\u00b6\s?\d|[A-Z]{{1,2}}\.\s+[Ww]hereas\b"
)
# How far the neighbours of a number are looked for.
_NEAR = 600


def label_end(text: str, start: int, *, listed: bool, first: bool, asked: bool) -> int:
    """Where the marks before a sentence end.

    Args:
        text: of the paragraph.
        start: where the sentence begins.
        listed: whether the paragraph is an item of a list.
        first: whether the paragraph begins here.
        asked: whether the sentence before is a question, to which a number may be the answer.
    """
    end = len(text)
    head = text[start : start + 2]
    if not head[1:].islower() or head in _HEADS:  # a word like most has no label before it
        match = _LABEL.match(text, start, end)
        if match is None:
            match = (_RESOLUTION if first else _ARTICLE).match(text, start, end)
        match = match or _roman(text, start)
        if match and match.end() < end:
            return match.end()
    length = mark_length(text, start, end, listed=listed and first, first=first)
    if length and asked and _is_answer(text, start):
        return start
    return start + length


def begins_labelled_clause(text: str, at: int) -> bool:
    """Whether a clause with a label of its own begins: "OP2 Demands", "B. whereas"."""
    return _CLAUSE_LABEL.match(text, at, at + 20) is not None


def counts_on(text: str, number: int, at: int) -> bool:
    """Whether the next number stands before a sentence a little further on: "1. … 2. …"."""
    return any(int(each[1]) == number + 1 for each in _NEXT.finditer(text, at, at + _NEAR))


def _roman(text: str, start: int) -> re.Match[str] | None:
    """A Roman number, of two letters or more: a letter by itself may be an initial."""
    match = _ROMAN_ITEM.match(text, start, start + 12)
    return match if match and len(match[1]) > 1 else None


def _is_answer(text: str, start: int) -> bool:
    match = _NUMBER.match(text, start)
    if match is None or counts_on(text, int(match[1]), match.end()):
        return False
    before = _NUMBERED.finditer(text, max(0, start - _NEAR), start)
    return not any(int(each[1]) == int(match[1]) - 1 for each in before)
