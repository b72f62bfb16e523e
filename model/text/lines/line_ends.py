"""What the end of one line and the beginning of the next say about a break between them."""

import re
from collections.abc import Sequence
from itertools import pairwise

from model.text.abbreviations import OPEN_WORDS, STARTERS
from model.text.lines.lines import Line

_OPEN_CAPITALS = (STARTERS | {"Mr", "Mrs", "Ms", "Dr"}) - {"I", "A", "No", "None", "Nothing", "Yes"}
# "No. 4", and symbols of documents: "A/67/L.19".
_NAME = re.compile(r"I\b|Nos?\.\s?\d|[A-Z]+/[A-Z\d]")
_OPEN_IN_CAPITALS = frozenset("OF THE AND OR FOR TO WITH FROM ON BY AT".split())
_VERBS = frozenset(
    "is are was were be been has have had will would shall should may might must can could".split()
)
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
_CLAUSE = re.compile(
    r"(?:[A-Z][a-z]+ing\b|(?:Deeply|Gravely|Strongly|Also|Further|Again|Having|Convinced|Concerned"
    r"|Alarmed|Determined|Mindful|Conscious|Aware|Desirous|Guided|Taking|Seriously|Once)\b"
    r"|[A-Z][a-z]+s (?:the|that|its|upon|on|all|to|with|also|again)\b)"
)
_DATELINE_END = re.compile(r"(?:\d|\)|[A-Z]{2})\s(?:-{1,2}|\u2013|\u2014)\Z")
_MONTH = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)


def cuts(lines: Sequence[Line]) -> int:
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
    if last in _OPEN_IN_CAPITALS and line.isupper():
        return True
    if last.endswith(("'s", "\u2019s")) or line.count("(") > line.count(")"):
        return True
    if _DATELINE_END.search(line[-12:]):
        return True
    return last[-1:] in "-\u2013\u2014/&(\u00ad" and last not in ("-", "--")


def first_word(line: str) -> str:
    """The first word of a line, behind quotation marks and brackets."""
    match = _WORD.search(line[:40])
    return match.group() if match else ""


def begins_sentence(line: str) -> bool:
    """Whether a line begins with a word that has a capital only where a sentence begins."""
    word = first_word(line)
    return line.startswith(word) and word in STARTERS and not _NAME.match(line)


def cannot_end(line: str, after: str) -> bool:
    """Whether nothing can end between two lines: a small letter, "8" and "May", a broken label."""
    if after[0].islower() or is_open(line):
        return True
    if after[0] == "(" and "):" in after[:80]:
        return True
    return line[-1].isdigit() and _MONTH.match(after) is not None


def begins_anew(line: str, after: str) -> bool:
    """Whether a sentence, a clause or a bracket of its own begins on the second line."""
    if line.endswith("]") and after.startswith("["):
        return True
    return begins_sentence(after) or (line.endswith(",") and _CLAUSE.match(after) is not None)


def is_title(line: str) -> bool:
    """Whether the words of a line begin with capitals, as in headings and names."""
    every = [word for word in line.split() if word[0].isalpha()]
    words = [word for word in every if word.lower() not in OPEN_WORDS]
    if (words and words[-1].islower()) or not _VERBS.isdisjoint(every):
        return False
    return bool(words) and sum(word[0].isupper() for word in words) * 20 >= 17 * len(words)
