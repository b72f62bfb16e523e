"""Marks before a sentence that are no part of it: bullets, paragraph numbers, datelines."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from model.text.lines.datelines import dateline_end
from model.text.lines.lines import Line

_BULLET = (
    r"(?:[-\u2013\u2014*+\u2022\u25aa\u25cf\u25e6\u25a0\u25a1\u00b7\u2023\u2043\u27a2\u2713]"
    r"|o(?=\s+\S)|\#{1,6}|>{2,3})\s+"
)
_PLACE = r"(?:\s?(?:bis|ter|quater|alt))?"
_STRONG = (
    r"(?:\u00b6\s?\d{1,3}(?:\.\d{1,2})?\.?\s*(?:\((?:[A-Z]{1,4}(?:/{1,2}[A-Z]{1,4})*)\))?\s*"
    r"|\d{1,3}\.\s?\((?:C|U|S|SBU|C//?NF|S//?NF|LOU)\)\s*"
    rf"|(?:PP|OP|Pp|Op)\s?\d{{1,3}}{_PLACE}[.:)]?\s+"
    rf"|\u00a7{{1,2}}\s?\d{{1,4}}(?:\.\d{{1,3}})*{_PLACE}[.:]?\s+"
    r"|(?:Art|Article|Sec|Section|Rule|Clause|Para|Paragraph|ART|ARTICLE|SECTION"
    r"|SEC)\.?\s\d{1,4}[a-z]?"
    rf"{_PLACE}(?:\.|:|\s?[-\u2013\u2014])\s+)"
)
_NUMBER = (
    r"(?:\(?\d{1,3}\)\s+"
    rf"|\d{{1,3}}{_PLACE}\.\s+"
    r"|\d{1,3}(?:\.\d{1,3}){1,4}\.\s+"
    r"|\d{1,3}(?:\.\d{1,3}){1,4}\s+(?=[\"\u201c(]?[A-Z])"
    r"|\d{1,3}\s?\([a-z]{1,4}\)\s+)"
)
_LETTER = r"(?:\(?(?:[ivxlcIVXLC]{1,6}|[a-zA-Z])\)\s+|(?:[ivxIVX]{1,5}|[a-zA-Z])\.\s+)"
_ITEM = re.compile(rf"(?:({_STRONG})|({_BULLET})|({_NUMBER}|{_LETTER}))")
# When something was said, or on which page it is printed.
_PLACED = (
    r"(?:[\[(]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d{1,3})?[\])]|\d{1,2}:\d{2}:\d{2}"
    r"|\[(?:[Pp]age|PAGE|[Tt]ime|[Cc]ol(?:umn)?|[Pp]p?)[.:]?\s?[A-Z]?\d[\d:.]{0,7}\])\s+"
)
# A letter, a numeral or a class in brackets; never a word: "(No) We reject it."
_ENCLOSED = (
    r"(?:\((?:\d{1,3}|[a-z]|(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})|aa|bb|cc|dd|ee|ff|gg|hh"
    r"|(?!NO\b|YES\b|OK\b)[A-Z]{1,4})\)\s+)"
)
_MARK = re.compile(rf"(?:{_PLACED})?(?:{_BULLET})?(?:{_STRONG}|{_NUMBER})?{_ENCLOSED}?")
_PAREN_LETTER = re.compile(r"\(?(?:[ivxlcIVXLC]{1,6}|[a-zA-Z])\)\s+")
_DOT_LETTER = re.compile(r"(?:[IVX]{1,5}|[A-Za-z])\.\s+")
_FLAGGED = "(a) (i) (1)"  # styles that need no neighbour to be a label inside a paragraph
_REFERENCE = re.compile(
    r"(?:\u00a7|(?:Art|Article|Sec|Section|Rule|Clause|Para|Paragraph|ART|ARTICLE|SECTION|SEC)\b)"
)
_NEAR = 40


def mark_length(text: str, start: int, end: int, *, listed: bool, first: bool) -> int:
    """Length of the marks at the start of a sentence.

    `listed` says that a letter with a full stop is a mark; `first`, that a paragraph begins here,
    so that a dateline may.
    """
    found = _MARK.match(text, start, end)
    at = found.end() if found else start
    if at == start and (letter := _PAREN_LETTER.match(text, at, end)):
        at = letter.end()
    if listed and at == start and (letter := _DOT_LETTER.match(text, at, end)):
        at = letter.end()
    if first and (dateline := dateline_end(text, at, end)):
        at = dateline
    return at - start if at < end else 0


def begins_with_mark(text: str) -> bool:
    """Whether a line begins as items of lists do, or numbered paragraphs."""
    return _ITEM.match(text) is not None


def begins_with_reference(text: str) -> bool:
    """Whether a line begins with "Article", "Section" or the like, which sentences hold too."""
    return _REFERENCE.match(text) is not None


class Items:
    """Which lines begin an item of a list. Asked line by line; the whole is linear."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._places: dict[str, list[int]] = {}
        self._values: dict[str, list[str]] = {}
        self.styles: list[str] = []
        for number, line in enumerate(lines):
            style, value = _style(line.text)
            self.styles.append(style)
            if style:
                self._places.setdefault(style, []).append(number)
                self._values.setdefault(style, []).append(value)

    def in_list(self, number: int, text: str) -> bool:
        """Whether a like mark, but for its value, stands on a line nearby."""
        style, value = _style(text)
        places, values = self._places[style], self._values[style]
        at = bisect_left(places, number)
        around = [i for i in (at - 1, at + 1) if 0 <= i < len(places)]
        return any(abs(places[i] - number) <= _NEAR and _follows(value, values[i]) for i in around)


def _style(text: str) -> tuple[str, str]:
    match = _ITEM.match(text)
    if match is None:
        return "", ""
    strong, bullet, other = match.groups()
    if strong:
        return "strong", ""
    if bullet:
        return bullet.strip(), ""
    value = other.strip().strip("().")
    kind = "1" if value[0].isdigit() else "a" if value.islower() else "A"
    return other.strip().replace(value, kind), value


def _follows(value: str, other: str) -> bool:
    if value.isdigit() and other.isdigit():
        return abs(int(value) - int(other)) == 1
    if len(value) == len(other) == 1 and value.isalpha():
        return abs(ord(value) - ord(other)) == 1 or {value.lower(), other.lower()} <= set("ivx")
    return value != other or not value
