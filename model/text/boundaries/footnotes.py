"""Numbers and letters of footnotes that lost their height: "the draft.1 They", "it.a They"."""

import re

from model.text.boundaries.stops import full_stop_ends
from model.text.boundaries.words import word_before

_NUMBERS = re.compile(r"(?:\d{1,3}(?:\s?[,\u2013-]\s?\d{1,3}){0,5}|\d{1,2}/)(?=\s|\Z)")
_LETTERS = re.compile(r"[a-z](?:,\s?[a-z]){0,3}(?=\s+[\"\u201c\u2018(]?[A-Z])")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d\Z")
_CAPITAL = re.compile(r"\s+[\"\u201c\u2018(]?[A-Z]")


def footnote_end(text: str, stop: re.Match[str]) -> int | None:
    """Where the mark of a footnote ends that stands right behind a stop, or None."""
    if stop["stop"] not in (".", "?", "!"):
        return None
    at, end = stop.start(), stop.end()
    if note := _NUMBERS.match(text, end, end + 40):
        return note.end() if _may_have_note(text, stop, note.end()) else None
    letter = _LETTERS.match(text, end, end + 24)
    word = word_before(text, at)
    if letter is None or not (len(word) > 1 and word.isalpha() and word.islower()):
        return None
    return letter.end() if full_stop_ends(word, "", "The") else None


def _may_have_note(text: str, stop: re.Match[str], end: int) -> bool:
    """Whether a number behind a stop is no decimal and no reference: "art.4", "2.5"."""
    at = stop.start()
    before = text[max(0, at - 2) : at]
    if before.isalpha() or before[-1:] in ')\u201d"' or stop["close"]:
        return stop["stop"] != "." or full_stop_ends(word_before(text, at), "", "1")
    # a year is no first part of a decimal
    return _YEAR.search(text[max(0, at - 5) : at]) is not None and bool(_CAPITAL.match(text, end))
