"""Numbers that a draft prints before its lines: every line, or every fifth.

They are known by counting as the lines do, and by sentences that run on over them; a list counts,
too, but its items begin anew.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from model.text.abbreviations import OPEN_WORDS
from model.text.lines.lines import Line
from model.text.units import Span

_NUMBERED = re.compile(r"(\d{1,3})(?:\s+(?=\S)|\Z)")
_STEP = 5
# Lines in a row that count; columns between a number and its line.
_RUN = 3
_GAP = 2


def without_numbers(lines: Sequence[Line]) -> list[Line]:
    """Take the numbers off the lines where lines are numbered; `numbers` says where they stood.

    An empty line may be numbered, too: its number goes to the next.
    """
    matches = [_NUMBERED.match(line.text) for line in lines]
    if not any(matches):
        return list(lines)
    values = [int(match[1]) if match else 0 for match in matches]
    numbered = set(_every_line(lines, values)) or set(_every_fifth(lines, values))
    if not numbered:
        return list(lines)
    found: list[Line] = []
    held: tuple[Span, ...] = ()
    for i, (line, match) in enumerate(zip(lines, matches, strict=True)):
        if i not in numbered or match is None:
            found.append(_below(line, held))
            held = ()
        elif match.end() == len(line.text) and i + 1 < len(lines):
            held += ((line.start, line.end),)
        else:
            found.append(_below(_stripped(line, match), held))
            held = ()
    return found


def _below(line: Line, numbers: tuple[Span, ...]) -> Line:
    """Return a line with the numbers of empty lines before it."""
    return line._replace(numbers=numbers + line.numbers, after_blank=True) if numbers else line


def _every_line(lines: Sequence[Line], values: Sequence[int]) -> Iterator[int]:
    """Lines in runs that count by one, in which sentences run on."""
    start = 0
    for at in range(1, len(lines) + 1):
        if at < len(lines) and values[at] and _counts_on(lines, values, at):
            continue
        run = range(start, at)
        if values[start] and len(run) >= _RUN and _runs_on(lines, run):
            yield from run
        start = at


def _counts_on(lines: Sequence[Line], values: Sequence[int], at: int) -> bool:
    """Whether a line's number is the next; the empty line before may be counted, too."""
    step = values[at] - values[at - 1]
    return bool(values[at - 1]) and (step == 1 or (step == 2 and lines[at].after_blank))


def _runs_on(lines: Sequence[Line], run: range) -> bool:
    cut = sum(_is_cut(lines[a], lines[b]) for a, b in pairwise(run))
    return cut * 3 >= len(run) - 1


def _is_cut(before: Line, after: Line) -> bool:
    """Whether a sentence goes on over the end of a line, behind the number of the next."""
    if before.closed:
        return False
    match = _NUMBERED.match(after.text)
    first = after.text[match.end() if match else 0 :]
    return first[:1].islower() or before.text.rpartition(" ")[2] in OPEN_WORDS


def _every_fifth(lines: Sequence[Line], values: Sequence[int]) -> Iterator[int]:
    """Lines numbered by fives, as far from one another as their numbers say."""
    fifths = [
        i for i, value in enumerate(values) if value and value % _STEP == 0 and _is_apart(lines[i])
    ]
    for count in (_places(lines), range(1, len(lines) + 1)):
        apart = [
            pair
            for pair in pairwise(fifths)
            if count[pair[1]] - count[pair[0]] == values[pair[1]] - values[pair[0]] > 0
        ]
        found = {place for pair in apart for place in pair}
        if not found:
            found = {i for i in fifths if values[i] == _STEP == count[i] and _is_in(lines, i)}
        if found:
            yield from found
            return


def _is_in(lines: Sequence[Line], at: int) -> bool:
    """Whether the text of a numbered line runs on, or stands in the column of its neighbour."""
    match = _NUMBERED.match(lines[at].text)
    column = lines[at].indent + (match.end() if match else 0)
    return at > 0 and (_is_cut(lines[at - 1], lines[at]) or lines[at - 1].indent == column)


def _is_apart(line: Line) -> bool:
    match = _NUMBERED.match(line.text)
    if match is None:
        return False
    gap = line.text[len(match[1]) : match.end()]
    return match.end() == len(line.text) or len(gap) >= _GAP or "\t" in gap


def _places(lines: Sequence[Line]) -> list[int]:
    """Which line of the text each is, the empty ones counted."""
    found, place = [], 0
    for line in lines:
        place += 2 if line.after_blank else 1
        found.append(place)
    return found


def _stripped(line: Line, match: re.Match[str]) -> Line:
    width = match.end()
    return line._replace(
        start=line.start + width,
        text=line.text[width:],
        indent=line.indent + width,
        numbers=((line.start, line.start + len(match[1])),),
    )
