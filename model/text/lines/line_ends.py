"""What the end of one line and the beginning of the next say about a break between them."""

import re

from model.text.abbreviations import OPEN_WORDS, STARTERS, ends_with_abbreviation
from model.text.lines.lines import Line

_OPEN_CAPITALS = (STARTERS | {"Mr", "Mrs", "Ms", "Dr"}) - {"I", "A", "No", "None", "Nothing", "Yes"}
# "No. 4", and symbols of documents: "A/67/L.19".
_NAME = re.compile(r"I\b|Nos?\.\s?\d|[A-Z]+/[A-Z\d]")
_OPEN_IN_CAPITALS = frozenset("OF THE AND OR FOR TO WITH FROM ON BY AT".split())
# Ranks and offices spelt out: behind another name or a comma they want one of their own.
_RANKS = frozenset(
    (
        "ambassador general colonel major captain lieutenant admiral commodore commander "
        "brigadier marshal sergeant president minister premier chancellor secretary "
        "governor senator congressman congresswoman representative deputy professor judge "
        "justice prince princess king queen emir sultan sheikh pope cardinal archbishop "
        "bishop father sister sir dame lord lady mayor speaker chairman chairwoman "
        "commissioner director envoy spokesman spokeswoman spokesperson mount port lake "
        "fort resolution article section annex chapter paragraph san santa saint "
    ).split()
)
_BEFORE_OFFICE = frozenset("the a an our your their his her its this that as and or to by".split())
_SALUTATION = re.compile(
    r"(?:Mr|Mrs|Ms|Madam|Dear|Your|Ladies|Good|Excellenc|Thank|Distinguished)\b"
)
# A name and what cannot follow it where a sentence begins: "Noor, has called on the parties".
_RUNS_ON = re.compile(
    r"[A-Z][\w'\u2019-]*(?:\s[A-Z][\w'\u2019-]*)?,\s(?:has|have|had|is|are|was|were|will|would|said|told"
    r"|called|says)\s"
)
_SENTENCE_HEAD = re.compile(
    r"(?:We|I|They|He|She|It|You)\s[a-z]|.{0,60}?[A-Z][\w'\u2019-]+\s(?:[a-z]{2,}ed|met|told|said|sent|held"
    r"|gave|saw|took|has|had|will|is|was)\s"
)
# Characters up to a full stop that ends no label or number: "3. The".
_INSIDE = 8
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


def is_cut(line: Line, after: Line) -> bool:
    """Whether a line break cuts a sentence, beyond doubt."""
    if line.closed:
        return False
    return after.text[0].islower() or is_open(line.text) or _begins_inside(line.text)


def _begins_inside(line: str) -> bool:
    """Whether a sentence begins in the middle of a line that does not end it: "had lied. We"."""
    stop = max(line.rfind(". "), line.rfind("? "))
    if stop < _INSIDE or not line[stop + 2 : stop + 3].isupper():
        return False
    return not ends_with_abbreviation(line[max(0, stop - 24) : stop + 1])


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


def wants_name(line: str, after: str) -> bool:
    """Whether a line ends in a rank whose holder the next line names: "Mission, General ¦ Odal"."""
    if line[line.rfind(" ") + 1 :].lower() not in _RANKS or not after[0].isupper():
        return False
    words = line[-60:].split()
    if len(words) < 2:
        return False
    if words[-2].lower() in _BEFORE_OFFICE or words[-1].islower() or begins_sentence(after):
        return False
    return not _SALUTATION.match(after)


def runs_on(after: str) -> bool:
    """Whether a line begins with a name and what cannot follow it where a sentence begins."""
    return _RUNS_ON.match(after, 0, 80) is not None


def is_title(line: str) -> bool:
    """Whether the words of a line begin with capitals, as in headings and names."""
    every = [word for word in line.split() if word[0].isalpha()]
    words = [word for word in every if word.lower() not in OPEN_WORDS]
    if (words and words[-1].islower()) or not _VERBS.isdisjoint(every):
        return False
    if not words or sum(word[0].isupper() for word in words) * 20 < 17 * len(words):
        return False
    return _SENTENCE_HEAD.match(line, 0, 120) is None
