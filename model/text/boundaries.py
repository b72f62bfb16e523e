"""Where the sentences of one paragraph end. Every place is looked at once: linear in any text."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from model.text.marks import mark_length
from model.text.quotations import Quotation, names_speaker
from model.text.speakers import Speakers
from model.text.stops import begins_small, full_stop_ends, next_word, word_before

# Always matches where a terminal stands, and takes what belongs to it at once, so that no run of
# marks is walked through twice. "++" and "*+" keep what they took.
_CLOSERS = (
    r"(?:[\"'\u201d\u2019\u00bb\u00ab\u201c)\]*_`]|\[\d{1,3}\]|[\u00b9\u00b2\u00b3\u2070-\u2079]++"
    r"|[ \u00a0\u202f](?:\u00bb|\[\d{1,3}\])|</[a-zA-Z]\w{0,9}>|<br\s?/?>)*+"
)
_CANDIDATE = re.compile(
    rf"(?P<stop>[.!?\u2026\u3002\uff01\uff1f]++(?:[ \u00a0\u202f]\.++)*+)(?P<close>{_CLOSERS})"
    r"|;(?=\s{1,20}[\"\u201c(\u2018]?[A-Z\d])"
    r"|[(\[](?:applause|laughter|laughs|cheers|cheering|interruptions?|crosstalk|inaudible|pause|end of (?:clip|video))\.?[)\]]"
    r"|</(?:p|div|li|h[1-6]|tr|td|blockquote|ul|ol|table)>|<br\s?/?>",
    re.IGNORECASE,
)
_BLANK = re.compile(r"[\s\u200b\u2060\ufeff\u00ad]*+")
_FOOTNOTE = re.compile(r"\d{1,2}(?=\s|\Z)")
_BRACKETS = re.compile(r"[()\[\]]")
_NUMBERED = re.compile(r"\(?(\d{1,3}|[a-z])[.)]\s")
_ITEM = re.compile(r"\(?[a-z]{1,4}\)\s+[\"\u201c]?[A-Z]|\([a-z]{1,4}\)\s")
_LEADER = re.compile(r"\.(?:[ \u00a0\u202f]\.){4}")
_LETTER = re.compile(r"[^\W\d_]")
_CLAUSE = re.compile(
    r"[\"\u201c]?(?:(?:Also|Further|Again|Strongly|Deeply|Gravely|Seriously|Solemnly|Firmly|Once\sagain)\s[a-z]+"
    r"|(?!Being|During|Everything|Nothing|Something|Anything|King|Spring|Morning|Evening|Beijing)[A-Z][a-z]{2,}ing\s(?!by\b)[a-z\d]"
    r"|(?:Convinced|Concerned|Alarmed|Determined|Mindful|Conscious|Aware|Desirous|Guided|Having|Disturbed|Shocked)\s[a-z]"
    r"|(?:Welcom|Condemn|Call|Urg|Demand|Decid|Request|Reaffirm|Affirm|Invit|Not|Express|Stress|Emphasiz|Emphasis"
    r"|Recall|Reiterat|Encourag|Appeal|Commend|Deplor|Declar|Reject|Endors|Support|Call|Recommend|Authoriz|Authoris"
    r"|Approv|Adopt|Insist|Direct|Instruct|Establish|Appreciat|Acknowledg|Recogniz|Recognis|Remain|Regret|Strongly"
    r"|Underlin|Underscor|Appoint|Extend|Renew|Requir|Resolv|Warn|Denounc|Proclaim|Remind|Thank|Pay|Tak|Consider"
    r"|Congratulat|Confirm|Agree|Ask|Hail|Salut|Order|Pledg|Undertak|Reserv|Protest|Denie|Accept)(?:s|es)\s[a-z\d])"
)
_INLINE = 600  # how far back the item before is looked for in a list on one line


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
        self._text, self._speakers, self._quotes = text, speakers, quotes
        self._listed = listed
        self._kept = _kept_quotes(text, quotes, whole=whole)
        self._brackets = _brackets(text)
        self._bracket = self._quote = self._resume = 0

    def pieces(self) -> Iterator[Piece]:
        """Yield the sentences in order."""
        text, size = self._text, len(self._text)
        prefix = self._prefix(self._visible(0), first=True)
        for match in _CANDIDATE.finditer(text):
            if match.start() < prefix.body or match.start() < self._resume:
                continue
            end = self._end(match, prefix)
            if end is None:
                continue
            after = self._visible(end)
            if after >= size:
                break
            yield Piece(prefix, end)
            prefix = self._prefix(after, first=False)
        yield Piece(prefix, len(text.rstrip()))

    def _visible(self, at: int) -> int:
        """The first place from a position on where something is to be seen."""
        if self._text[at : at + 1].isalnum():
            return at
        return _BLANK.match(self._text, at).end()  # type: ignore[union-attr]

    def whole(self) -> Piece:
        """All of it as one sentence."""
        return Piece(self._prefix(self._visible(0), first=True), len(self._text.rstrip()))

    def _prefix(self, start: int, *, first: bool) -> Prefix:
        text, end = self._text, len(self._text)
        mark = start + mark_length(text, start, end, listed=self._listed and first, first=first)
        found = self._speakers.label(text, mark, first=first)
        label = found[0] if found else mark
        body = label
        if found and label < end:
            body += mark_length(text, label, end, listed=False, first=False)
        return Prefix(start, mark, label, min(body, end), found[1] if found else None)

    def _end(self, match: re.Match[str], prefix: Prefix) -> int | None:
        """Where the sentence ends at a candidate, or None where it goes on."""
        at = match.start()
        if self._inside(match, prefix):
            return None
        stop = match["stop"]
        if stop and _LEADER.match(stop):  # dots that lead the eye to a column
            return None
        if stop is None:
            return self._clause_end(match, prefix) if match.group() == ";" else match.end()
        if at - prefix.body < 3 and not self._text[prefix.body : at].strip(". "):
            return None
        end = self._footnote_end(match) or match.end()
        after = self._visible(end)
        if after >= len(self._text):
            return len(self._text)
        if after == end and not match["close"].endswith(">"):
            return self._unspaced_end(match)
        return end if self._ends(match, prefix, after) else None

    def _inside(self, match: re.Match[str], prefix: Prefix) -> bool:
        """Whether a candidate stands in brackets, or in a quotation that is kept whole."""
        at, end = match.start(), match.end()
        brackets, quotes = self._brackets, self._kept
        while self._bracket < len(brackets) and brackets[self._bracket][1] < at:
            self._bracket += 1
        while self._quote < len(quotes) and quotes[self._quote].end <= at:
            self._quote += 1
        if self._bracket < len(brackets):
            opened, closed = brackets[self._bracket]
            if opened < at and end <= closed and opened > prefix.body:
                return True
        return (
            self._quote < len(quotes)
            and quotes[self._quote].start < at
            and end < quotes[self._quote].end
        )

    def _footnote_end(self, match: re.Match[str]) -> int | None:
        """Behind the number of a footnote that lost its height: "the draft.1 They"."""
        note = _FOOTNOTE.match(self._text, match.end())
        if note is None:
            return None
        before = self._text[max(0, match.start() - 2) : match.start()]
        if match["stop"] not in ".?!" or not (before.isalpha() or before[-1:] in ')\u201d"'):
            return None
        if match["stop"] == "." and self._is_reference(match.start()):
            return None
        return note.end()

    def _is_reference(self, at: int) -> bool:
        token = word_before(self._text, at)
        return not full_stop_ends(token, "", "1")

    def _unspaced_end(self, match: re.Match[str]) -> int | None:
        """A sentence that begins without a space: "We reject it.They must leave."."""
        text, at, end = self._text, match.start(), match.end()
        if match["close"] or len(match["stop"]) != 1 or not text[end].isupper():
            return None
        token, following = word_before(text, at), text[end : end + 20]
        if not token.isalpha() or not token[1:].islower() or len(token) < 2:
            return None
        word = next_word(following)
        whole = word[1:].islower() or (len(word) == 1 and following[1:2] == " ")
        if not whole or following[len(word) : len(word) + 1] in ("/", "@", "_"):
            return None
        return end if match["stop"] != "." or full_stop_ends(token, "", "The") else None

    def _ends(self, match: re.Match[str], prefix: Prefix, after: int) -> bool:
        text, stop = self._text, match["stop"]
        following = text[after : after + 28]
        first = following.lstrip("([\"\u201c\u2018'\u00ab\u00bf\u00a1*_")[:1]
        if first.islower() and not _ITEM.match(following):
            return self._ends_before_small(match, prefix, following)
        if self._continues_list(prefix, match.end(), after):
            return False
        if "." not in stop or len(stop) > 1:
            return not self._is_attributed(match, after)
        if match["close"] and match["close"][0] in "\"'\u201d\u2019\u00bb":
            return True
        return self._full_stop_ends(match, prefix, following)

    def _full_stop_ends(self, match: re.Match[str], prefix: Prefix, following: str) -> bool:
        text, at = self._text, match.start()
        token = word_before(text, at)
        begins = at - len(token)
        if begins <= prefix.body + 1 and token.lower() in ("no", "yes", "a", "b"):
            return token.lower() in ("no", "yes") and not following[:1].isdigit()
        previous = word_before(text, begins - 1) if begins > prefix.body else ""
        if token.isdigit() and len(token) < 4 and previous[-1:] in tuple(":;,\u2013\u2014-"):
            return False
        if match["close"]:
            return match["close"][0] not in ")]" or not following[:1].islower()
        return full_stop_ends(token, previous, following)

    def _ends_before_small(self, match: re.Match[str], prefix: Prefix, following: str) -> bool:
        if match["close"] or len(match["stop"]) > 1 or match["stop"] == "\u2026":
            return False
        letter = _LETTER.search(self._text, prefix.body, match.start())
        small = letter is not None and letter.group().islower()
        return begins_small(word_before(self._text, match.start()), following, small=small)

    def _is_attributed(self, match: re.Match[str], after: int) -> bool:
        """“What is it?” George demanded: the sentence goes on with who says so."""
        return match["close"][-1:] in tuple("\"'\u201d\u2019\u00bb") and names_speaker(
            self._text, after
        )

    def _continues_list(self, prefix: Prefix, end: int, after: int) -> bool:
        """Whether the next item of a list follows that began inside this sentence."""
        item = _NUMBERED.match(self._text, after, after + 8)
        if item is None:
            return False
        value = item[1]
        before = str(int(value) - 1) if value.isdigit() else chr(ord(value) - 1)
        mark = re.compile(rf"[:;,.?!\u2013\u2014]\s\(?{re.escape(before)}[.)]\s")
        found = mark.search(self._text, max(prefix.body, end - _INLINE), end) is not None
        if found:
            self._resume = item.end()
        return found

    def _clause_end(self, match: re.Match[str], prefix: Prefix) -> int | None:
        """One operative clause, one sentence; names in a list are not cut."""
        text, end = self._text, match.end()
        after = self._visible(end)
        if _NUMBERED.match(text, after, after + 8):
            marked = prefix.mark > prefix.start
            return end if marked and not self._continues_list(prefix, end, after) else None
        return end if _CLAUSE.match(text, after, after + 60) else None


def _kept_quotes(text: str, quotes: list[Quotation], *, whole: bool) -> list[Quotation]:
    """Quotations that are not cut: all if asked, else those woven into a sentence."""
    return [each for each in quotes if each.closed and (whole or _is_woven(text, each))]


def _is_woven(text: str, quote: Quotation) -> bool:
    inner = text[quote.start : quote.start + 4].lstrip("\"'\u201c\u2018\u00ab\u201e`\u00bb \u00a0")
    after = text[quote.end : quote.end + 3].lstrip(" ,")
    return inner[:1].islower() and after[:1].islower()


def _brackets(text: str) -> list[tuple[int, int]]:
    """Outermost pairs of brackets, in order; what has no partner is none."""
    stack: list[int] = []
    pairs: list[tuple[int, int]] = []
    for match in _BRACKETS.finditer(text):
        if match.group() in "([":
            stack.append(match.start())
        elif stack:
            opened = stack.pop()
            while pairs and pairs[-1][0] > opened:
                pairs.pop()
            pairs.append((opened, match.start()))
    return pairs
