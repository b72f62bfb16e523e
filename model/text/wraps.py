"""Whether a line break is only where a line was full, or where a paragraph ends.

Decided for each line break by itself, from the lines around it: never for a whole document, where
one long line would decide over all the others.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from model.text.abbreviations import OPEN_WORDS, STARTERS, ends_with_abbreviation
from model.text.lines import Line

# Lines on either side that say how wide a column is.
_AROUND = 4
# A line counts as full if the next word would have passed this share of the widest line around:
# proportional fonts, cut to characters, vary by a sixth.
_FULL = 0.84
# Ragged lines, between lines that cut sentences beyond doubt, are shorter still.
_RAGGED = 0.7
# After an abbreviation, which seldom ends a paragraph, less will do.
_ABBREVIATED = 0.7
# Narrower columns are believed only where other line breaks cut sentences, too.
_CREDIBLE = 50
# Spaces in a line that is no headline or name.
_SENTENCE = 5
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
_OPEN_CAPITALS = (STARTERS | {"Mr", "Mrs", "Ms", "Dr"}) - {"I", "A", "No", "None", "Nothing", "Yes"}
_NAME = re.compile(r"I\b|Nos?\.\s?\d")
_CLAUSE = re.compile(
    r"(?:[A-Z][a-z]+ing\b|(?:Deeply|Gravely|Strongly|Also|Further|Again|Having|Convinced|Concerned"
    r"|Alarmed|Determined|Mindful|Conscious|Aware|Desirous|Guided|Taking|Seriously|Once)\b"
    r"|[A-Z][a-z]+s (?:the|that|its|upon|on|all|to|with|also|again)\b)"
)
_LINK = re.compile(r"(?:https?://|www\.)\S+\Z")


class Wraps:
    """Line breaks of a text, asked in order; linear in all."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    def goes_on(self, number: int, following: int) -> bool:
        """Whether the line `following` continues the paragraph of the line `number`.

        Marks of lists are decided elsewhere: here the second line begins none.
        """
        line, after = self._lines[number], self._lines[following]
        closed = line.closed and not ends_with_abbreviation(line.text)
        if after.after_blank and following == number + 1:
            return self._goes_on_over_blank(number, line, after, closed=closed)
        if closed:
            return self._goes_on_closed(number, line, after)
        if line.closed:  # by an abbreviation, perhaps: the splitter knows more
            return after.text[0].islower() or self._is_full(number, line, after, share=_ABBREVIATED)
        return self._goes_on_open(number, line, after)

    def _goes_on_open(self, number: int, line: Line, after: Line) -> bool:
        if _LINK.match(line.text) or _LINK.match(after.text):
            return False
        if is_open(line.text) or after.text[0].islower():
            return True
        if after.text[0] == "(" and "):" in after.text[:80]:  # a speaker's label, broken
            return True
        if _is_capitals(line.text) and _is_capitals(after.text):
            return self._heading_goes_on(number, line, after)
        if line.text.endswith("]") and after.text.startswith("["):
            return False
        if _begins_sentence(after.text):
            return False
        if line.text.endswith(","):
            return not _CLAUSE.match(after.text) and self._is_full(number, line, after)
        return self._is_full(number, line, after, _RAGGED) and self._is_prose(number, line, after)

    def _heading_goes_on(self, number: int, line: Line, after: Line) -> bool:
        if _first_word(after.text).lower() in OPEN_WORDS:
            return True
        return len(line.text) >= _CREDIBLE and self._is_full(number, line, after)

    def _goes_on_closed(self, number: int, line: Line, after: Line) -> bool:
        """A sentence ends here; whether the paragraph does matters for quotations alone."""
        last = line.text[-1]
        full = self._is_full(number, line, after, share=1)
        if last in ":;":
            clause = after.text[0].islower() and (full or len(line.text) >= _CREDIBLE)
            if clause or not full:
                return clause
            return _cuts(self._around(number)) > 0 and self._is_prose(number, line, after)
        if after.text[0].islower():
            return True
        around = self._around(number)
        indented = after.indent > min(each.indent for each in around)
        return full and not indented and self._is_prose(number, line, after)

    def _goes_on_over_blank(self, number: int, line: Line, after: Line, *, closed: bool) -> bool:
        """A blank line inside a sentence: a page was broken, or every line is set apart."""
        small = after.text[0].islower()
        if closed:
            return small and line.text[-1] == ";" and self._is_spaced_out(number)
        if small and line.text.count(" ") >= 3 and not _is_title(line.text):
            return True
        if small and is_open(line.text):
            return True
        if not self._is_spaced_out(number):
            return False
        if small or is_open(line.text):
            return True
        return not _begins_sentence(after.text) and self._is_full(number, line, after)

    def _is_spaced_out(self, number: int) -> bool:
        """Whether blank lines around cut sentences as often as line breaks do elsewhere."""
        around = self._lines[max(0, number - _AROUND) : number + _AROUND + 2]
        cut = _cuts([line for line in around if line.after_blank or line is around[0]])
        return cut >= 2 and cut * 3 >= len(around) - 1

    def _is_full(self, number: int, line: Line, after: Line, share: float = _FULL) -> bool:
        return line.width + 1 + len(after.first_word) > share * self._column(number)

    def _column(self, number: int) -> int:
        """Width of the column around a line: of the widest line that is no exception."""
        widths = [each.width for each in self._around(number) if " " in each.text]
        if not widths:
            return self._lines[number].width
        usual = 1.3 * median(widths)
        return max(width for width in widths if width <= usual)

    def _around(self, number: int) -> Sequence[Line]:
        """The lines of the same run, without a blank line between; or, set apart, all around."""
        lines = self._lines
        if number + 1 < len(lines) and lines[number + 1].after_blank and lines[number].after_blank:
            return lines[max(0, number - _AROUND) : number + _AROUND + 2]
        first = last = number
        while first > max(0, number - _AROUND) and not lines[first].after_blank:
            first -= 1
        while last + 1 < min(len(lines), number + _AROUND + 2) and not lines[last + 1].after_blank:
            last += 1
        return lines[first : last + 1]

    def _is_prose(self, number: int, line: Line, after: Line) -> bool:
        """Whether lines are broken inside sentences here, as they are in wide columns."""
        around = self._around(number)
        cut = _cuts(around)
        if cut * 3 >= len(around) - 1 and cut > 0:
            return not _is_title(line.text) or self._is_full(number, line, after, share=1)
        if not self._is_full(number, line, after):
            return False
        if line.width >= _CREDIBLE or line.text.count(" ") >= _SENTENCE:
            return not _is_title(line.text) or line.width >= 2 * _CREDIBLE
        return False


def _cuts(lines: Sequence[Line]) -> int:
    """How many line breaks cut a sentence, beyond doubt."""
    return sum(
        after.text[0].islower() or is_open(before.text)
        for before, after in pairwise(lines)
        if not before.closed
    )


def is_open(line: str) -> bool:
    """Whether nothing could end here: after "of the", a dash, an open bracket."""
    last = line[-24:].rpartition(" ")[2]
    if last in OPEN_WORDS or last in _OPEN_CAPITALS:
        return True
    return last[-1:] in "-\u2013\u2014/&(\u00ad" and last not in ("-", "--")


def _first_word(line: str) -> str:
    match = _WORD.search(line[:40])
    return match.group() if match else ""


def _begins_sentence(line: str) -> bool:
    """Whether a line begins with a word that has a capital only where a sentence begins."""
    word = _first_word(line)
    return line.startswith(word) and word in STARTERS and not _NAME.match(line)


def _is_capitals(line: str) -> bool:
    return line.isupper()


def _is_title(line: str) -> bool:
    """Whether the words of a line begin with capitals, as in headings and names."""
    words = [word for word in line.split() if word[0].isalpha() and word.lower() not in OPEN_WORDS]
    if words and words[-1].islower():
        return False
    return bool(words) and sum(word[0].isupper() for word in words) * 5 >= 4 * len(words)
