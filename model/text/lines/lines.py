"""The lines of a text that hold something, with what their surroundings say."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from model.text.units import Span

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r{1,2}\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_QUOTED = re.compile(r"[ \t]{0,3}>[> \t]*")
_PIPED = re.compile(r"[ \t]{0,3}[>|](?:[>|]|[ \t])*")
_CLOSED = re.compile(
    r"(?:[!?\u2026:;。！？]|(?<!\d)\.|(?<=\d)\.(?!\d))[\"'\u201d\u2019\u00bb)\]*_\d\u00b9\u00b2\u00b3\u2070-\u2079]*\Z"
)
_TIME_CODE = re.compile(r"\d:\d{2}[.,]\d{3} {1,3}--> {0,3}\d")
_FIRST_WORD = re.compile(r"\S{1,40}")


class Line(NamedTuple):
    """One line, white space and the ">" of quoted mail taken off.

    Attributes:
        indent: columns before the text.
        after_blank: whether an empty line stands before it.
        new_page: whether a form feed stands before it.
        depth: how often it is quoted, as mail programs count by ">".
        numbers: where its number stands, if lines are numbered, and those of empty lines before.
    """

    start: int
    end: int
    text: str
    indent: int
    after_blank: bool
    new_page: bool
    depth: int
    numbers: tuple[Span, ...] = ()

    @property
    def closed(self) -> bool:
        """Whether it ends as sentences and introductions do."""
        return _CLOSED.search(self.text[-12:]) is not None

    @property
    def width(self) -> int:
        """Columns up to its end."""
        return self.indent + len(self.text)

    @property
    def first_word(self) -> str:
        """What would have to fit on the line before."""
        match = _FIRST_WORD.match(self.text)
        return match.group() if match else ""


def has_captions(text: str) -> bool:
    """Whether it is the text of a film: then ">>" says that somebody else speaks."""
    return _TIME_CODE.search(text) is not None


def lines_of(text: str, *, piped: bool = False) -> Iterator[Line]:
    """Yield the lines that hold something, in order; `piped`: "|" quotes as ">" does."""
    gap_start, blank = 0, False
    mail = piped or (">" in text and not has_captions(text))
    marked = _PIPED if piped else _QUOTED
    for match in _LINE.finditer(text):
        raw, begin = match.group(), match.start()
        quoted = marked.match(raw) if mail else None
        marks = quoted.end() if quoted else 0
        content = raw[marks:].strip()
        if not content:
            blank = blank or bool(quoted)  # a quoted empty line
            continue
        gap = text[gap_start:begin]
        indent = len(raw) - marks - len(raw[marks:].lstrip())
        start = begin + marks + indent
        depth = len(quoted.group().replace(" ", "").replace("\t", "")) if quoted else 0
        after_blank = blank or (gap not in ("", "\n", "\r\n") and _has_empty_line(gap))
        yield Line(start, start + len(content), content, indent, after_blank, "\f" in gap, depth)
        gap_start, blank = match.end(), False


def _has_empty_line(gap: str) -> bool:
    """Whether the breaks between two lines leave one empty; a form feed by itself does not."""
    return len(_BREAK.findall(gap.replace("\f", ""))) > 1
