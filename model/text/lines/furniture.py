"""Page furniture: lines that belong to the page and not to what is said on it.

Some are known by their form (rules, page numbers, document symbols, time codes); running headers
by standing on several pages, in the middle of sentences or beside such a line.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from model.text.abbreviations import OPEN_WORDS
from model.text.lines.lines import Line

_LONGEST = 120
_SYMBOL = (  # with a full stop behind it, it ends a sentence
    r"(?!\S*\.(?:\s|\Z))[A-Z]{1,5}(?:\.[A-Z]{1,5})?(?:/[A-Z\d.()*-]{1,12}){1,6}(?:\s?\(Resumption\s\d{1,2}\)"
    r"|/Resumption\s\d)?"
)
_FORMS = re.compile(
    r"[-_=*~.|+#\u2013\u2014\u2500-\u257f\u2022\s:]{2,}"  # rules and borders of tables
    r"|\|"
    r"|(?:</?[A-Za-z][^<>]{0,100}>|&[a-z]{2,8};|\s){1,20}"  # markup by itself
    r"|[-\u2013\u2014\[(]?\s?\d{1,4}\s?[-\u2013\u2014\])]?"  # page numbers
    r"|[-\u2013\u2014]\s?[ivxl]{1,6}\s?[-\u2013\u2014]|[ivxl]{2,6}"
    r"|(?:[Pp]age|PAGE|[Pp]\.|[Pp]g\.?)\s?\d{1,4}(?:\s?(?:of|OF|/)\s?\d{1,4})?"
    r"|\S.{2,60}\s{8,}\S.{0,30}\d{1,4}|\d{1,4}\s{8,}\S.{2,60}"  # a title and a number, set apart
    r"|\[\[[Pp]age .{1,20}\]\]|\[[Pp]age \w{1,8}\]"
    r"|\d{1,4}\s?(?:/|of)\s?\d{1,4}"
    rf"|(?:\d{{1,4}}\s+)?{_SYMBOL}(?:\s+\d{{1,4}})?(?:\s+{_SYMBOL})?"
    r"|\d{2}-\d{5}(?:\s?\([A-Z]\))?\*?(?:\s+\d{1,4})?"
    r"|\d{1,4}\s+\d{2}-\d{5}(?:\s?\([A-Z]\))?"  # job numbers
    r"|(?:[A-Z] ){4,40}[A-Z](?:\s.*)?"  # C O N F I D E N T I A L
    r"|[^a-z,]{0,60}\bSECTION \d{1,2} OF \d{1,2}\b[^a-z.,]{0,40}"
    r"|[A-Z][A-Z ]{2,30}\s\d{5,9}\s+\d{3}(?:\.\d)?\s+OF\s+\d{3}"
    r"|\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?:\s*-->\s*[\d:.,]{4,12}.{0,40})?"  # time codes
    r"|WEBVTT.{0,40}|\((?:more|MORE|ENDS?|ends?|cont(?:inued|'d|\.)?)\)"
    r"|(?:END|ENDS|BT|NNNN|-?30-?|QED)\.?"
)
_PROSE = re.compile(r"\w?[a-z]+ ")  # spares most lines the pattern above
_GAP_NUMBER = re.compile(
    r"(?:.{3,90}\S(?:\s{3,}|\t)\S.{0,40}\d.{0,12}|.{3,90}\S\s{2,}\d{1,4}|\d{1,4}(?:\s{2,}"
    r"|\t)\S.{3,90})"
)
_DIGITS = re.compile(r"\d+")
_SPEAKER_END = re.compile(r"[:.?!;,]\Z")


def furniture(lines: Sequence[Line]) -> list[bool]:
    """Say of each line whether it belongs to the page."""
    found = [has_form(line.text) for line in lines]
    keys = ["" if found[i] else _key(line) for i, line in enumerate(lines)]
    times = Counter(key for key in keys if key)
    suspects = [
        found[i] or times[keys[i]] > 1 or (keys[i] != "" and _is_spaced(lines[i].text))
        for i in range(len(lines))
    ]
    evidence, exact = _evidence(lines, found, keys, suspects), _exact(lines, keys)
    return [
        found[i]
        or (
            suspects[i]
            and _belongs(keys[i], times, evidence, exact, spaced=_is_spaced(lines[i].text))
        )
        for i in range(len(lines))
    ]


def has_form(line: str) -> bool:
    """Whether a line by itself is a rule, a page number, a document's symbol or the like."""
    if len(line) > _LONGEST or (
        len(line) > 40 and _PROSE.match(line) and "SECTION" not in line and "    " not in line
    ):
        return False
    return _FORMS.fullmatch(line) is not None


def _key(line: Line) -> str:
    """What repeats of a running header: all but its numbers; empty if it cannot be one."""
    if len(line.text) > _LONGEST or line.text[0].islower() or _SPEAKER_END.search(line.text):
        return ""
    text = line.text
    if _DIGITS.search(text):
        text = _DIGITS.sub("0", text)
    return " ".join(text.split()) if "  " in text else text


def _is_spaced(line: str) -> bool:
    return _GAP_NUMBER.fullmatch(line) is not None


def _evidence(
    lines: Sequence[Line], found: list[bool], keys: list[str], suspects: list[bool]
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


def _is_page_break(lines: Sequence[Line], found: list[bool], start: int, end: int) -> bool:
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
    if not evidence[key]:
        return False
    if times[key] == 1:
        return True
    return evidence[key] * (2 if exact[key] == 1 else 1.5) >= times[key]
