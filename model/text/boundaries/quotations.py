"""Quotations inside a paragraph: where they open and close, and who is said to speak."""

import re
from typing import NamedTuple

from model.text.units import Span

_MARKS = re.compile(
    r"``|''|[\"\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c-\u300f\u2033\uff02]|\u2018|\u2019(?!\w)|(?<![\w'])'(?=\w)|(?<=[\w.,!?])'(?![\w'])"
)
_OPENS = {
    "\u201c": "\u201d",
    "\u201e": "\u201c\u201d\u201f",
    "\u00ab": "\u00bb",
    "\u00bb": "\u00ab",
    "\u2018": "\u2019",
    "``": "''",
    "\u300c": "\u300d",
    "\u300e": "\u300f",
    "'": "'",
}
_ANY_MARK = re.compile(r"[\"'\u2018\u201c\u201e\u00ab\u00bb`\u300c\u300e\u2033\uff02]")
# Marks that open and close alike.
_STRAIGHT = {'"': '"\u201d', "\u2033": "\u2033", "\uff02": "\uff02"}
VERBS = (
    "said|says|say|told|tells|asked|asks|added|adds|wrote|writes|replied|replies|answered|stated|states"
    "|declared|declares|demanded|demands|warned|warns|explained|noted|notes|insisted|stressed|argued"
    "|claimed|announced|concluded|continued|remarked|commented|recalled|cried|shouted|exclaimed"
    "|urged|pointed out|went on|repeated|retorted|tweeted|posted|read|reads|reported"
)
_SAYS = re.compile(rf"\b(?:{VERBS}|according to)\b", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?:[Tt]he\s)?(?:[A-Z][\w.'\u2019-]{{0,24}}\s|(?:of|the|for|and)\s){{1,7}}(?:{VERBS})\b"
    r"(?=[.,:;]|\s(?:on|in|at|to|the|reporters|journalists|during|after|before|when|as|that|with)\b|\Z)"
)
_LONGEST = 240
OPENING = ('"', "\u201c", "\u00ab", "\u201e", "``", "\u2018", "\u300c", "\u300e", "\u2033")


class Quotation(NamedTuple):
    """Positions of the opening and behind the closing mark; `closed` says that there is one."""

    start: int
    end: int
    closed: bool


def quotations(text: str) -> list[Quotation]:
    """The outermost quotations of a paragraph, in order. Linear."""
    if not _ANY_MARK.search(text):
        return []
    found: list[Quotation] = []
    opened: tuple[int, str] | None = None
    for match in _MARKS.finditer(text):
        mark = match.group()
        if opened is None:
            if closers := _closers(mark, text, match):
                opened = match.start(), closers
        elif mark in opened[1] or (mark == "''" and opened[1] == "''"):
            found.append(Quotation(opened[0], match.end(), closed=True))
            opened = None
    if opened and text[opened[0]] not in "'\u2018\u00bb":
        found.append(Quotation(opened[0], len(text), closed=False))
    return found


def _closers(mark: str, text: str, match: re.Match[str]) -> str:
    """The marks that would close what this one opens; empty if it cannot open."""
    if straight := _STRAIGHT.get(mark):
        before = text[match.start() - 1 : match.start()]
        return straight if not before.isalnum() else ""
    if mark == "\u201d":  # as Swedish and hasty typing open, too; here it closes what was not seen
        return ""
    if mark in "'\u00bb\u2018" and not text[match.end() : match.end() + 1].strip():
        return ""
    return _OPENS.get(mark, "")


def names_speaker(text: str, at: int) -> bool:
    """Whether words such as "Minister Odal told reporters" stand at a position."""
    return _NAMED.match(text, at, min(len(text), at + 140)) is not None


def attribution(text: str, quotation: Quotation) -> Span | None:
    """The words beside a quotation, in its sentence, that say whose it is."""
    if quotation.end - quotation.start == len(text):
        return None
    after = _trimmed(text, quotation.end, _sentence_end(text, quotation.end))
    if after and _SAYS.search(text, *after):
        return after
    before = _trimmed(text, _sentence_start(text, quotation.start), quotation.start)
    return before if before and _SAYS.search(text, *before) else None


def _sentence_end(text: str, at: int) -> int:
    """Where what follows a quotation stops: at a full stop, or where the next one begins."""
    limit = min(len(text), at + _LONGEST)
    match = re.compile(r"[.!?](?=\s[A-Z\"\u201c]|\s*\Z)|[\"\u201c\u00ab\u201e]").search(
        text, at, limit
    )
    return match.start() if match else limit


def _sentence_start(text: str, at: int) -> int:
    piece = text[max(0, at - _LONGEST) : at]
    ends = [match.end() for match in re.finditer(r"[.!?][\"\u201d\u00bb]?\s+(?=[A-Z])", piece)]
    stop = next(
        (end for end in reversed(ends) if not re.search(r"(?:Mr|Mrs|Ms|Dr)\.\s+\Z", piece[:end])), 0
    )
    return at - len(piece) + stop


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip(" \n\r\t,"))
    inner = piece.strip(" \n\r\t,")
    return (start + left, start + left + len(inner)) if inner else None


def attributions(text: str, quotes: list[Quotation], sentences: list[Span]) -> list[Span | None]:
    """For each sentence of a paragraph, who is said to speak, where a quotation spans several."""
    found: list[Span | None] = [None] * len(sentences)
    number = 0
    for quote in quotes:
        while number < len(sentences) and sentences[number][1] <= quote.start:
            number += 1
        last = number
        while last < len(sentences) and sentences[last][0] < quote.end:
            last += 1
        if last - number > 1 or (last > number and not quote.closed):
            found[number:last] = [attribution(text, quote)] * (last - number)
            number = last - 1
    return found
