"""Whether a line break is only where a line was full, or where a paragraph ends.

Decided for each line break by itself, from the lines around it: never for a whole document, where
one long line would decide over all the others.
"""

from collections.abc import Sequence

from model.text.abbreviations import OPEN_WORDS, ends_with_abbreviation, wants_more
from model.text.lines.addresses import address_goes_on, ends_in_address, is_address
from model.text.lines.line_ends import (
    begins_anew,
    begins_sentence,
    cannot_end,
    first_word,
    is_open,
    is_title,
    runs_on,
    wants_name,
)
from model.text.lines.lines import Line
from model.text.lines.surroundings import Surroundings

# A line counts as full if the next word would have passed this share of the widest line around:
# proportional fonts, cut to characters, vary by a sixth.
_FULL = 0.84
# Ragged lines, between lines that cut sentences beyond doubt, are shorter still.
_RAGGED = 0.7
# After an abbreviation, which seldom ends a paragraph, less will do.
_ABBREVIATED = 0.7
# Narrower columns are believed only where other line breaks cut sentences, too.
_CREDIBLE = 50
# In narrower columns lines of names alone are frequent, and no headings.
_WIDE = 40
# Spaces in a line that is no headline or name.
_SENTENCE = 5


class Wraps:
    """Line breaks of a text, asked in order; linear in all."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._surroundings = Surroundings(lines)

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
            return self._is_full(number, after, _ABBREVIATED)
        return self._goes_on_open(number, line, after)

    def _goes_on_open(self, number: int, line: Line, after: Line) -> bool:
        if ends_in_address(line.text) or is_address(after.text):
            joined = _joins_address(line.text, after.text)
            if joined is not None:
                return joined
        if self._is_unfinished(number, line, after):
            return True
        if line.text.isupper() and after.text.isupper():
            return self._heading_goes_on(number, line, after)
        if begins_anew(line.text, after.text):
            return False
        if line.text.endswith(","):
            return self._is_full(number, after)
        full = self._is_full(number, after, _RAGGED)
        if after.closed and after.text.count(" ") < 2 and line.text[-1].islower():
            return full  # a last word or two
        return full and self._is_prose(number, line, after)

    def _is_unfinished(self, number: int, line: Line, after: Line) -> bool:
        """Whether the words on either side of a break want each other, whatever the column."""
        if cannot_end(line.text, after.text) or runs_on(after.text):
            return True
        return wants_name(line.text, after.text) and self._is_full(number, after, _RAGGED)

    def _heading_goes_on(self, number: int, line: Line, after: Line) -> bool:
        if first_word(after.text).lower() in OPEN_WORDS or line.text.endswith(","):
            return True
        if after.closed and wants_name(line.text, after.text):
            return True  # cables are all in capitals
        return len(line.text) >= _CREDIBLE and self._is_full(number, after)

    def _goes_on_closed(self, number: int, line: Line, after: Line) -> bool:
        """A sentence ends here; whether the paragraph does matters for quotations alone."""
        if is_address(after.text):
            return False
        last = line.text[-1]
        full = self._is_full(number, after, 1)
        if last in ":;":
            small = after.text[0].islower() or after.text.startswith("I ")
            clause = small and (full or len(line.text) >= _CREDIBLE)
            if clause or self._surroundings.is_widest(number, after.first_word):
                return True
            cut, _ = self._surroundings.cuts(number)
            return full and cut > 0 and self._is_prose(number, line, after)
        if after.text[0].islower():
            return True
        indented = after.indent > self._surroundings.margin(number)
        return full and not indented and self._is_prose(number, line, after)

    def _goes_on_over_blank(self, number: int, line: Line, after: Line) -> bool:
        """A blank line inside a sentence: a page was broken, or every line is set apart."""
        small = after.text[0].islower()
        if is_address(after.text):
            return False
        if line.closed:
            goes_on = (small and line.text[-1] in ";:") or ends_with_abbreviation(line.text)
            return goes_on and self._surroundings.is_spaced_out(number)
        if small and line.text.count(" ") >= 3 and not is_title(line.text):
            return True
        if small and is_open(line.text):
            return True
        if not self._surroundings.is_spaced_out(number):
            return False
        if small or is_open(line.text):
            return True
        return not begins_sentence(after.text) and self._is_full(number, after)

    def _is_full(self, number: int, after: Line, share: float = _FULL) -> bool:
        width = self._lines[number].width + 1 + len(after.first_word)
        return width > share * self._surroundings.column(number)

    def _is_prose(self, number: int, line: Line, after: Line) -> bool:
        """Whether lines are broken inside sentences here, as they are in wide columns."""
        cut, breaks = self._surroundings.cuts(number)
        if cut * 3 >= breaks and cut > 0:
            if self._is_full(number, after, 1) or not is_title(line.text):
                return True
            narrow = self._surroundings.column(number) < _WIDE and self._is_full(number, after)
            return narrow or self._surroundings.is_widest(number, after.first_word)
        if self._surroundings.is_widest(number, after.first_word):
            return True
        if not self._is_full(number, after):
            return False
        if line.width >= _CREDIBLE or line.text.count(" ") >= _SENTENCE:
            return not is_title(line.text) or line.width >= 2 * _CREDIBLE
        return False


def _joins_address(line: str, after: str) -> bool | None:
    """Whether lines belong together, one of them an address or its first part; None: unsaid."""
    if is_address(after):
        return is_open(line)
    if address_goes_on(line, after):
        return True
    return False if is_address(line) else None
