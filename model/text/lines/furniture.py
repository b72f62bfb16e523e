"""Page furniture: lines that belong to the page and not to what is said on it.

Some are known by their form; running headers by standing on several pages, in the middle of
sentences or beside such a line. What says something is furniture on no single occurrence.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from model.text.abbreviations import OPEN_WORDS
from model.text.lines.claims import is_prose
from model.text.lines.lines import Line

_LONGEST = 120
# A gap and a number: set by a typesetter, or by one who justifies his lines.
_GAP_NUMBER = re.compile(
    r"(?:.{3,90}\S(?:\s{3,}|\t)\S.{0,40}\d.{0,12}|.{3,90}\S\s{2,}\d{1,4}|\d{1,4}(?:\s{2,}"
    r"|\t)\S.{3,90})"
)
_GAP = re.compile(r"\S(?:\s{2,}|\t)(?=\S)")
_WIDE_GAP = re.compile(r"\S\s{5,}\S")
_MOST_GAPS = 3
# Page breaks at which a line that says something must stand.
_SAID = 3
_DIGITS = re.compile(r"\d+")
_SPEAKER_END = re.compile(r"[:.?!;,]\Z")


def furniture(lines: Sequence[Line], found: Sequence[bool]) -> list[bool]:
    """Say of each line whether it belongs to the page; `found`: whether its form says so."""
    keys = ["" if found[i] else _key(line) for i, line in enumerate(lines)]
    times = Counter(key for key in keys if key)
    spaced = [keys[i] != "" and _is_spaced(line.text) for i, line in enumerate(lines)]
    suspects = [
        found[i] or times[keys[i]] > 1 or (spaced[i] and _is_set_apart(line.text))
        for i, line in enumerate(lines)
    ]
    evidence, exact = _evidence(lines, found, keys, suspects), _exact(lines, keys)
    return [
        found[i]
        or (suspects[i] and _belongs(keys[i], line.text, times, evidence, exact, spaced=spaced[i]))
        for i, line in enumerate(lines)
    ]


def _key(line: Line) -> str:
    """What repeats of a running header: all but its numbers; empty if it cannot be one."""
    if len(line.text) > _LONGEST or line.text[0].islower() or _SPEAKER_END.search(line.text):
        return ""
    text = line.text
    if _DIGITS.search(text):
        text = _DIGITS.sub("0", text)
    return " ".join(text.split()) if "  " in text else text


def _is_spaced(line: str) -> bool:
    return ("  " in line or "\t" in line) and _GAP_NUMBER.fullmatch(line) is not None


def _is_set_apart(line: str) -> bool:
    """Whether a line that stands once may be a header: titles, and no gap in every other place."""
    return len(_GAP.findall(line)) <= _MOST_GAPS and not is_prose(line)


def _evidence(
    lines: Sequence[Line], found: Sequence[bool], keys: list[str], suspects: list[bool]
) -> Counter[str]:
    """Count for each repeated line where it interrupts a sentence or stands beside page numbers."""
    evidence: Counter[str] = Counter()
    number = 0
    while number < len(lines):
        end = number
        while end < len(lines) and suspects[end]:
            end += 1
        if end > number and _is_page_break(lines, found, number, end):
            evidence.update({key for key in keys[number:end] if key})
        number = max(end, number + 1)
    return evidence


def _is_page_break(lines: Sequence[Line], found: Sequence[bool], start: int, end: int) -> bool:
    if any(line.new_page for line in lines[start : end + 1]):
        return True
    if start > 0 and end < len(lines) and _runs_on(lines[start - 1], lines[end]):
        return True
    return any(
        found[i] and any(char.isdigit() for char in lines[i].text) for i in range(start, end)
    )


def _runs_on(before: Line, after: Line) -> bool:
    """Whether a sentence goes on over what stands between two lines."""
    if before.closed:
        return False
    last = before.text.rpartition(" ")[2]
    return after.text[0].islower() or last in OPEN_WORDS


def _exact(lines: Sequence[Line], keys: list[str]) -> dict[str, int]:
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for line, key in zip(lines, keys, strict=True):
        if key:
            texts[key].add(line.text)
    return {key: len(of_key) for key, of_key in texts.items()}


def _belongs(
    key: str,
    line: str,
    times: Counter[str],
    evidence: Counter[str],
    exact: dict[str, int],
    *,
    spaced: bool,
) -> bool:
    """Decide on a running header: seen at page breaks, most of the times or the only time."""
    if not key:
        return False
    if times[key] > 1 and exact[key] > 1 and "0" in key and spaced:
        return True
    if times[key] > 1 and _WIDE_GAP.search(line) and not is_prose(line):  # two titles, set apart
        return True
    if not evidence[key]:
        return False
    if times[key] == 1:
        return True
    if evidence[key] < _SAID and is_prose(line):  # a refrain, or a page that was copied twice
        return False
    return evidence[key] * (2 if exact[key] == 1 else 1.5) >= times[key]
