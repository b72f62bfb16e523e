"""Whether a line break is only where a line was full, or where a paragraph ends.

Decided for each line break by itself, from the lines around it: never for a whole document, where
one long line would decide over all the others.
"""

import re
from collections.abc import Sequence
from statistics import median

from model.text.abbreviations import OPEN_WORDS, ends_with_abbreviation, wants_more
from model.text.lines.line_ends import (
    begins_anew,
    begins_sentence,
    cannot_end,
    cuts,
    first_word,
    is_open,
    is_title,
)
from model.text.lines.lines import Line
from model.text.lines.marks import begins_with_mark

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
# Lines on either side, over blank lines, among which the widest is looked for; it must be this
# wide, for names fill the shortest lines by themselves.
_NEARBY = 10
_WIDE = 40
# Spaces in a line that is no headline or name.
_SENTENCE = 5
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
            return self._goes_on_over_blank(number, line, after)
        if closed:
            return self._goes_on_closed(number, line, after)
        if line.closed:  # by an abbreviation, perhaps: the splitter knows more
            if after.text[0].islower() or wants_more(line.text, after.text):
                return True
            return self._is_full(number, line, after, share=_ABBREVIATED)
        return self._goes_on_open(number, line, after)

    def _goes_on_open(self, number: int, line: Line, after: Line) -> bool:
        if _LINK.match(line.text) or _LINK.match(after.text):
            return False
        if cannot_end(line.text, after.text):
            return True
        if line.text.isupper() and after.text.isupper():
            return self._heading_goes_on(number, line, after)
        if begins_anew(line.text, after.text):
            return False
        if line.text.endswith(","):
            return self._is_full(number, line, after)
        full = self._is_full(number, line, after, _RAGGED)
        if after.closed and after.text.count(" ") < 2 and line.text[-1].islower():
            return full  # a last word or two
        return full and self._is_prose(number, line, after)

    def _heading_goes_on(self, number: int, line: Line, after: Line) -> bool:
        if first_word(after.text).lower() in OPEN_WORDS or line.text.endswith(","):
            return True
        return len(line.text) >= _CREDIBLE and self._is_full(number, line, after)

    def _goes_on_closed(self, number: int, line: Line, after: Line) -> bool:
        """A sentence ends here; whether the paragraph does matters for quotations alone."""
        last = line.text[-1]
        full = self._is_full(number, line, after, share=1)
        if last in ":;":
            small = after.text[0].islower() or after.text.startswith("I ")
            clause = small and (full or len(line.text) >= _CREDIBLE)
            if clause or self._is_widest(number, line, after):
                return True
            return full and cuts(self._around(number)) > 0 and self._is_prose(number, line, after)
        if after.text[0].islower():
            return True
        around = self._around(number)
        indented = after.indent > min(each.indent for each in around)
        return full and not indented and self._is_prose(number, line, after)

    def _goes_on_over_blank(self, number: int, line: Line, after: Line) -> bool:
        """A blank line inside a sentence: a page was broken, or every line is set apart."""
        small = after.text[0].islower()
        if _LINK.match(after.text):
            return False
        if line.closed:
            goes_on = (small and line.text[-1] in ";:") or ends_with_abbreviation(line.text)
            return goes_on and self._is_spaced_out(number)
        if small and line.text.count(" ") >= 3 and not is_title(line.text):
            return True
        if small and is_open(line.text):
            return True
        if not self._is_spaced_out(number):
            return False
        if small or is_open(line.text):
            return True
        return not begins_sentence(after.text) and self._is_full(number, line, after)

    def _is_spaced_out(self, number: int) -> bool:
        """Whether blank lines around cut sentences as often as line breaks do elsewhere."""
        around = self._lines[max(0, number - _AROUND) : number + _AROUND + 2]
        cut = cuts([line for line in around if line.after_blank or line is around[0]])
        return cut >= 2 and cut * 3 >= len(around) - 1

    def _is_full(self, number: int, line: Line, after: Line, share: float = _FULL) -> bool:
        return line.width + 1 + len(after.first_word) > share * self._column(number)

    def _is_widest(self, number: int, line: Line, after: Line) -> bool:
        """Whether the next word would have passed every line nearby, where sentences are cut.

        Looks over blank lines, for paragraphs of two lines do not say how wide their column is.
        """
        lines = self._lines[max(0, number - _NEARBY) : number + _NEARBY + 2]
        margin = min(each.indent for each in lines)
        # a number before a paragraph may stand out of the column
        widest = max((len(x.text) for x in lines if not begins_with_mark(x.text)), default=_WIDE)
        passed = line.width - margin + 1 + len(after.first_word) > widest
        return passed and line.width >= _WIDE and cuts(lines) > 1

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
        cut = cuts(around)
        if cut * 3 >= len(around) - 1 and cut > 0:
            full = self._is_full(number, line, after, share=1)
            return full or not is_title(line.text) or self._is_widest(number, line, after)
        if self._is_widest(number, line, after):
            return True
        if not self._is_full(number, line, after):
            return False
        if line.width >= _CREDIBLE or line.text.count(" ") >= _SENTENCE:
            return not is_title(line.text) or line.width >= 2 * _CREDIBLE
        return False
