"""Who speaks: "MR. ODAL:", "Q", "The PRESIDING OFFICER.", and names where a text has labels.

Offices, titles and "Q" are labels wherever they stand. A name before a colon is one where the text
shows that it has labels: because the name comes again, or others do.
"""

import re
from collections import Counter
from collections.abc import Sequence

from model.text.label_candidates import FIRST, LONGEST, candidates, names
from model.text.label_forms import (
    ALONE,
    COLON,
    DASH,
    QA_STOP,
    QA_THIN,
    QA_WIDE,
    ROLES,
    SOFT_STOP,
    STOP,
    TITLES,
    Strength,
    strength,
)
from model.text.lines.lines import Line

_BEGIN = TITLES | ROLES | {"the", "madam"}


class Speakers:
    """Finds speaker labels at the start of sentences, with what repeats in the whole text.

    Attributes:
        turns: where in the text the lines begin that begin with a label.
    """

    def __init__(self, text: str, lines: Sequence[Line]) -> None:
        found = candidates(text, lines)
        self._names = names(found)
        near = [line for line in lines if _may_be_label(line.text)]
        questions = [line.text for line in near if line.text[0] == "Q"]
        thin = sum(QA_THIN.match(line) is not None for line in questions)
        self._wide = any(QA_WIDE.match(line) for line in questions)
        labels = sum(each.strength is Strength.STRONG for each in found)
        self._thin = thin > 1 or (thin == 1 and (self._wide or labels > 0))
        self._alternate = any(line.startswith("Q. ") for line in questions)
        self._stops = _stops(near)
        self._alone = _alone(near)
        self.turns = frozenset(
            [each.start for each in found if self._is_label(each.who, each.strength)]
            + [line.start for line in near if self._without_colon(line.text, 0, len(line.text))]
        )

    def label(self, text: str, start: int, *, first: bool) -> tuple[int, str] | None:
        """Where the label at a position ends, and whom it names. `first`: of a paragraph."""
        if not FIRST.match(text, start):
            return None
        end = min(len(text), start + LONGEST)
        if ":" in text[start:end]:
            match = COLON.match(text, start, end)
            if match and self._is_label(match["who"], strength(match)):
                return match.end(), _shown(match)
        if first:
            match = self._without_colon(text, start, end)
        elif self._stops or self._alternate:
            match = self._inside(text, start, end)
        else:
            return None
        return (match.end(), _shown(match)) if match else None

    def is_alone(self, text: str) -> bool:
        """Whether a paragraph is only a name or an office, in a text that prints labels so."""
        return text in self._alone

    def _is_label(self, who: str, strong: Strength) -> bool:
        return strong is Strength.STRONG or (strong is Strength.WEAK and who in self._names)

    def _without_colon(self, text: str, start: int, end: int) -> re.Match[str] | None:
        head = text[start : start + 2]
        if head[:1] in "QA" and not head[1:].isalnum():
            return self._question(text, start, end)
        match = STOP.match(text, start, end)
        if match is None and self._stops:
            match = SOFT_STOP.match(text, start, end)
            match = match if match and match["who"] in self._stops else None
        if match is None and (". \u2013" in text[start:end] or ". -" in text[start:end]):
            match = DASH.match(text, start, end)
            match = match if match and _is_dashed(match) else None
        return match

    def _question(self, text: str, start: int, end: int) -> re.Match[str] | None:
        if self._alternate and (match := QA_STOP.match(text, start, end)):
            return match
        if self._wide and (match := QA_WIDE.match(text, start, end)):
            return match
        return QA_THIN.match(text, start, end) if self._thin else None

    def _inside(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """A label without a colon behind other sentences of its paragraph: a flattened text."""
        match = QA_STOP.match(text, start, end) if self._alternate else None
        return match or (STOP.match(text, start, end) if self._stops else None)


def _stops(lines: Sequence[Line]) -> frozenset[str]:
    """Names that begin several lines with a full stop behind them; or capitals, even once."""
    matches = [SOFT_STOP.match(line.text) or STOP.match(line.text) for line in lines]
    times = Counter(match["who"] for match in matches if match)
    return frozenset(who for who, n in times.items() if n > 1 or who.split()[-1].isupper())


def _alone(lines: Sequence[Line]) -> frozenset[str]:
    """Lines that are a label and no more: repeated, or where questions stand so, too."""
    times = Counter(line.text for line in lines if _stands_alone(line.text))
    if "Q" in times:
        return frozenset(times)
    return frozenset(text for text, n in times.items() if n > 1 and len(text) > 1)


def _may_be_label(line: str) -> bool:
    """Whether a line begins with a title, an office, "The" or "Q": patterns are dear."""
    if line[0].islower():
        return False
    first = line[:24].partition(" ")[0].strip(".*_").lower()
    if first in _BEGIN or line[0] in "QA":
        return True
    return ". \u2013" in line or ". -" in line


def _stands_alone(text: str) -> bool:
    if len(text) <= 3 or len(text) > 80:
        return text in ("Q", "A")
    bare = text.strip("*_ ")
    if FIRST.match(text) is None or ALONE.fullmatch(bare) is None:
        return False
    words = [word.rstrip(".").lower() for word in bare.split()]
    return words[0] in TITLES or not ROLES.isdisjoint(words)


def _is_dashed(match: re.Match[str]) -> bool:
    strong = strength(match)
    return strong is Strength.STRONG or (
        strong is Strength.WEAK and bool(match["brackets"] or match["aside"])
    )


def _shown(match: re.Match[str]) -> str:
    return (match.groupdict().get("name") or match["who"]).strip("*_( ")
