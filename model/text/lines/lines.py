"""The lines of a text that hold something, with what their surroundings say."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BREAK = re.compile(r"\r{1,2}\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_QUOTED = re.compile(r"[ \t]{0,3}>[> \t]*")
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
    """

    start: int
    end: int
    text: str
    indent: int
    after_blank: bool
    new_page: bool
    depth: int

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


def lines_of(text: str) -> Iterator[Line]:
    """Yield the lines that hold something, in order."""
    gap_start, blank = 0, False
    mail = ">" in text and not has_captions(text)
    for match in _LINE.finditer(text):
        raw, begin = match.group(), match.start()
        quoted = _QUOTED.match(raw) if mail else None
        marks = quoted.end() if quoted else 0
        content = raw[marks:].strip()
        if not content:
            blank = blank or bool(quoted)  # a quoted empty line
            continue
        gap = text[gap_start:begin]
        indent = len(raw) - marks - len(raw[marks:].lstrip())
        start = begin + marks + indent
        depth = quoted.group().count(">") if quoted else 0
        after_blank = blank or (gap not in ("", "\n", "\r\n") and len(_BREAK.findall(gap)) > 1)
        yield Line(start, start + len(content), content, indent, after_blank, "\f" in gap, depth)
        gap_start, blank = match.end(), False
