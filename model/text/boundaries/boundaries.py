"""Where the sentences of one paragraph end. Every place is looked at once: linear in any text."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from model.text.abbreviation_lists import REMARKS
from model.text.boundaries.asides import aside_ends, emoji_ends
from model.text.boundaries.candidates import FOREIGN, candidates
from model.text.boundaries.clauses import Clauses
from model.text.boundaries.enclosures import Enclosures
from model.text.boundaries.footnotes import footnote_end
from model.text.boundaries.labels import counts_on, label_end
from model.text.boundaries.quotations import Quotation, names_speaker
from model.text.boundaries.stops import (
    begins_small,
    begins_unspaced,
    bracket_ends,
    emphatic_goes_on,
    full_stop_ends,
)
from model.text.boundaries.words import is_rank, starts, word_before
from model.text.speakers import Speakers

_BLANK = re.compile(r"[\s\u200b\u2060\ufeff\u00ad]*+")
_ITEM = re.compile(r"\(?[a-z]{1,4}\)\s+[\"\u201c]?[A-Z]|\([a-z]{1,4}\)\s")
_QUOTES = ('"', "'", "\u201d", "\u2019", "\u00bb", "\u300d", "\u300f", "\u2033")
_LEADER = re.compile(r"\.(?:[ \u00a0\u202f]\.){4}")
# What a sentence begins with that is no sentence by itself, or is, if it is "No.".
_OPENERS = REMARKS | {"no", "yes", "a", "b"}
_PARTICLES = ("de", "di", "da", "do")
_LETTER = re.compile(r"[^\W\d_]")


class Prefix(NamedTuple):
    """What stands before the words of a sentence: marks up to `mark`, then a speaker label."""

    start: int
    mark: int
    label: int
    body: int
    speaker: str | None


class Piece(NamedTuple):
    """One sentence of a paragraph, in positions of the paragraph's text."""

    prefix: Prefix
    end: int


class Splitter:
    """Cuts the text of one paragraph."""

    def __init__(
        self, text: str, speakers: Speakers, quotes: list[Quotation], *, listed: bool, whole: bool
    ) -> None:
        self._text, self._speakers = text, speakers
        self._listed = listed
        self._enclosures = Enclosures(text, quotes, whole=whole)
        self._clauses = Clauses(text)

    def pieces(self) -> Iterator[Piece]:
        """Yield the sentences in order."""
        text, size = self._text, len(self._text)
        prefix = self._prefix(self._visible(0), first=True)
        for match in candidates(text, clauses=self._clauses.at_commas):
            if match.start() < prefix.body or match.start() < self._clauses.resume:
                continue
            end = self._end(match, prefix)
            if end is None:
                continue
            after = self._visible(end)
            if after >= size:
                break
            yield Piece(prefix, end)
            prefix = self._prefix(after, first=False, asked=text[end - 1] == "?")
        yield Piece(prefix, len(text.rstrip()))

    def _visible(self, at: int) -> int:
        """The first place from a position on where something is to be seen."""
        if self._text[at : at + 1].isalnum():
            return at
        return _BLANK.match(self._text, at).end()  # type: ignore[union-attr]

    def whole(self, *, marked: bool = True) -> Piece:
        """All of it as one sentence; behind marks and labels, if it may have some."""
        start = self._visible(0)
        prefix = Prefix(start, start, start, start, None)
        if marked:
            prefix = self._prefix(start, first=True)
        return Piece(prefix, len(self._text.rstrip()))

    def _prefix(self, start: int, *, first: bool, asked: bool = False) -> Prefix:
        text, end = self._text, len(self._text)
        mark = label_end(text, start, listed=self._listed, first=first, asked=asked)
        found = self._speakers.label(text, mark, first=first)
        label = found[0] if found else mark
        body = label
        if found and label < end:
            body = label_end(text, label, listed=False, first=False, asked=False)
        return Prefix(start, mark, label, min(body, end), found[1] if found else None)

    def _end(self, match: re.Match[str], prefix: Prefix) -> int | None:
        """Where the sentence ends at a candidate, or None where it goes on."""
        if self._enclosures.hold(match.start(), match.end(), prefix.body):
            return None
        stop = match["stop"]
        if stop and _LEADER.match(stop):  # dots that lead the eye to a column
            return None
        if stop is None:
            return self._end_without_stop(match, prefix)
        return self._end_at_stop(match, prefix, stop)

    def _end_at_stop(self, match: re.Match[str], prefix: Prefix, stop: str) -> int | None:
        at = match.start()
        if at - prefix.body < 3 and not self._text[prefix.body : at].strip(". "):
            return None
        end = match.end()
        if self._text[end : end + 1].isalnum():
            end = footnote_end(self._text, match) or end
        after = self._visible(end)
        if after >= len(self._text):
            return len(self._text)
        if stop[-1] in FOREIGN or stop == ";":
            return None if self._text[after].isdigit() and after == end else end
        if after == end and not match["close"].endswith((">", ";")):
            alone = not match["close"] and begins_unspaced(self._text, at, end, stop)
            return end if alone else None
        return end if self._ends(match, prefix, after) else None

    def _end_without_stop(self, match: re.Match[str], prefix: Prefix) -> int | None:
        if match.group() in (";", ",", ":"):
            return self._clause_end(match, prefix)
        text, end, after = self._text, match.end(), self._visible(match.end())
        if match["aside"]:
            return end if aside_ends(text, match, prefix.body, after) else None
        if match["emoji"]:
            return end if emoji_ends(text, match, prefix.body, after) else None
        return end

    def _ends(self, match: re.Match[str], prefix: Prefix, after: int) -> bool:
        text, stop = self._text, match["stop"]
        following = text[after : after + 28]
        first = following.lstrip("([\"\u201c\u2018'\u00ab\u00bf\u00a1*_")[:1]
        if first.islower() and not _ITEM.match(following):
            return self._ends_before_small(match, prefix, following)
        if self._clauses.continue_list(prefix.body, match.end(), after):
            return False
        if "." not in stop or len(stop) > 1:
            before = text[max(prefix.body, match.start() - 26) : match.start()]
            goes_on = emphatic_goes_on(before, stop, following)
            return not goes_on and not self._is_attributed(match, after)
        if match["close"].startswith(_QUOTES):
            return True
        return self._full_stop_ends(match, prefix, following)

    def _full_stop_ends(self, match: re.Match[str], prefix: Prefix, following: str) -> bool:
        text, at = self._text, match.start()
        if text[at - 1] in ")]":
            return True
        token = word_before(text, at)
        begins = at - len(token)
        low = token.lower()
        if begins <= prefix.body + 1 and low in _OPENERS:
            return low in ("no", "yes") and not following[:1].isdigit()
        previous = word_before(text, begins - 1) if begins > prefix.body else ""
        if token.isdigit() and len(token) < 4 and previous[-1:] in tuple(":;,\u2013\u2014-"):
            return False
        if match["close"]:
            held = match["close"] == ")" and text[begins - 1] == "("
            return not held or bracket_ends(token, following)
        headed = previous[:1].isupper() or previous.isdigit()  # "Book II 1. The lock"
        if low == "1" and headed and counts_on(text, 1, match.end()):
            return False
        if previous in _PARTICLES and is_rank(text, begins, token):
            return starts(following)
        return full_stop_ends(token, previous, following)

    def _ends_before_small(self, match: re.Match[str], prefix: Prefix, following: str) -> bool:
        if match["close"] or match["stop"].strip("!?") not in ("", "."):
            return False
        letter = _LETTER.search(self._text, prefix.body, match.start())
        small = letter is not None and letter.group().islower()
        return begins_small(word_before(self._text, match.start()), following, small=small)

    def _is_attributed(self, match: re.Match[str], after: int) -> bool:
        """“What is it?” George demanded: the sentence goes on with who says so."""
        quoted = match["close"].endswith(_QUOTES)
        return quoted and names_speaker(self._text, after)

    def _clause_end(self, match: re.Match[str], prefix: Prefix) -> int | None:
        """One operative clause, one sentence; names in a list are not cut."""
        after = self._visible(match.end())
        if match.group() != ";":
            ends = self._clauses.begin_at_comma(prefix.body, after)
        else:
            marked = prefix.mark > prefix.start
            ends = self._clauses.begin(prefix.body, match.end(), after, marked=marked)
        return match.end() if ends else None
