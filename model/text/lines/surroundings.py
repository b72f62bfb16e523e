"""What the lines around a line say of its column: its width, its margin, how often lines are cut.

What is asked of every line is counted once: asking costs the same however many lines there are.
"""

from collections.abc import Sequence
from itertools import accumulate

from model.text.lines.line_ends import is_cut
from model.text.lines.lines import Line
from model.text.lines.marks import begins_with_mark

# Lines on either side that say how wide a column is.
_AROUND = 4
# Lines on either side, over blank lines, among which the widest is looked for; it must be this
# wide, for names fill the shortest lines by themselves.
_NEARBY = 10
_WIDE = 40


class Surroundings:
    """Of every line of a text."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._widths = [line.width if " " in line.text else 0 for line in lines]
        cut = [is_cut(lines[i], lines[i + 1]) for i in range(len(lines) - 1)]
        blank = [lines[i + 1].after_blank for i in range(len(lines) - 1)]
        self._cuts = [0, *accumulate(cut)]
        self._blank_cuts = [0, *accumulate(a and b for a, b in zip(cut, blank, strict=True))]
        self._firsts, self._lasts = _runs(lines)
        self._marked: dict[int, bool] = {}
        self._column = (-1, 0)  # of which line it is asked several times, and the answer

    def cuts(self, number: int) -> tuple[int, int]:
        """How many line breaks around a line cut sentences, beyond doubt, and of how many."""
        first, last = self._around(number)
        return self._cuts[last] - self._cuts[first], last - first

    def margin(self, number: int) -> int:
        """The least indent around a line."""
        first, last = self._around(number)
        return min(line.indent for line in self._lines[first : last + 1])

    def column(self, number: int) -> int:
        """Width of the column around a line: of the widest line that is no exception."""
        if self._column[0] != number:
            self._column = (number, self._column_around(number))
        return self._column[1]

    def _column_around(self, number: int) -> int:
        first, last = self._around(number)
        widths = sorted(filter(None, self._widths[first : last + 1]))
        if not widths:
            return self._lines[number].width
        middle = len(widths) // 2
        usual = 0.65 * (widths[middle] + widths[-1 - middle])  # 1.3 times the median
        return max(width for width in widths if width <= usual)

    def is_spaced_out(self, number: int) -> bool:
        """Whether blank lines around cut sentences as often as line breaks do elsewhere."""
        first = max(0, number - _AROUND)
        last = min(len(self._lines) - 1, number + _AROUND + 1)
        cut = self._blank_cuts[last] - self._blank_cuts[first]
        return cut >= 2 and cut * 3 >= last - first

    def is_widest(self, number: int, next_word: str) -> bool:
        """Whether the next word would have passed every line nearby, where sentences are cut.

        Looks over blank lines, for paragraphs of two lines do not say how wide their column is.
        """
        line = self._lines[number]
        first = max(0, number - _NEARBY)
        last = min(len(self._lines) - 1, number + _NEARBY + 1)
        if line.width < _WIDE or self._cuts[last] - self._cuts[first] < 2:
            return False
        nearby = range(first, last + 1)
        margin = min(self._lines[i].indent for i in nearby)
        passed = line.width - margin + 1 + len(next_word)
        # a number before a paragraph may stand out of the column
        return all(len(self._lines[i].text) < passed or self._is_marked(i) for i in nearby)

    def _is_marked(self, number: int) -> bool:
        if number not in self._marked:
            self._marked[number] = begins_with_mark(self._lines[number].text)
        return self._marked[number]

    def _around(self, number: int) -> tuple[int, int]:
        """The lines of the same run, without a blank line between; or, set apart, all around."""
        lines = self._lines
        first, last = max(0, number - _AROUND), min(len(lines) - 1, number + _AROUND + 1)
        if number + 1 < len(lines) and lines[number + 1].after_blank and lines[number].after_blank:
            return first, last
        return max(first, self._firsts[number]), min(last, self._lasts[number])


def _runs(lines: Sequence[Line]) -> tuple[list[int], list[int]]:
    """First and last line of the run that each line stands in."""
    firsts, lasts = list(range(len(lines))), list(range(len(lines)))
    for i in range(1, len(lines)):
        if not lines[i].after_blank:
            firsts[i] = firsts[i - 1]
    for i in range(len(lines) - 2, -1, -1):
        if not lines[i + 1].after_blank:
            lasts[i] = lasts[i + 1]
    return firsts, lasts
