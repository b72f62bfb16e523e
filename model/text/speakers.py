"""Speaker labels: "MR. ODAL:", "Q:", "The PRESIDING OFFICER."."""

import re
from collections import Counter

_ROLE = (
    r"(?:President|Vice-President|Chair(?:man|woman|person)?|Co-Chair|Speaker|Presiding "
    r"Officer|Secretary(?:-General)?|Under-Secretary"
    r"|Prime Minister|Minister|Foreign Minister|Chancellor|Premier|Ambassador|Moderator"
    r"|Clerk|Delegate|Representative"
    r"|Spokes(?:man|woman|person)|Commissioner|Rapporteur|Director(?:-General)?|High "
    r"Commissioner|Governor|Senator|Deputy|Member"
    r"|PRESIDENT|VICE-PRESIDENT|CHAIR(?:MAN|WOMAN|PERSON)?|SPEAKER|PRESIDING OFFICER"
    r"|SECRETARY(?:-GENERAL)?"
    r"|PRIME MINISTER|MINISTER|FOREIGN MINISTER|AMBASSADOR|MODERATOR|CLERK|SPOKES(?:MAN"
    r"|WOMAN|PERSON)|SENATOR|CHANCELLOR|PREMIER"
    r"|ACTING PRESIDENT|Acting President|DEPUTY SPEAKER|Deputy Speaker|TEMPORARY CHAIRMAN)"
)
_TITLE = (
    r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Dame|Lord|Lady|Baroness|Hon|Sen|Rep|Rev|Gen|Col"
    r"|Capt|Amb|Senhor|Shri|Smt|Sheikh"
    r"|MR|MRS|MS|MISS|DR|PROF|SIR|DAME|LORD|LADY|HON|SEN|REP|REV|GEN|COL|CAPT|AMB|SHRI|SMT"
    r"|SHEIKH|M|Mme|Colonel|General|Captain|Major|Admiral|Professor|Judge|Justice|Bishop"
    r"|Father|Sister|Brother|Comrade|H\.E|Hon'ble)\.?)"
)
_NAME = (
    r"[A-Z\u00c0-\u00de][\w.'\u2019-]{0,24}(?:\s{1,3}(?:[A-Z\u00c0-\u00de][\w.'\u2019-]{0,24}"
    r"|de|la|van|von|al|bin|of|pro|tempore)){0,5}"
)
_UP = "A-Z\u00c0-\u00de"
_CAPITALS = rf"[{_UP}][{_UP}.'\u2019-]{{1,24}}(?:\s[{_UP}.'\u2019-]{{1,24}}){{0,4}}"
_LOUD = (
    rf"(?:[A-Z]\.\s){{0,3}}(?:Mc|Mac|De|Le|O['\u2019])?[{_UP}]{{2}}[{_UP}'\u2019-]{{0,22}}"
    rf"(?:\s[{_UP}][{_UP}'\u2019-]{{1,22}}){{0,4}}"
)
_BRACKET = r"(?:\s{0,3}[(\[][^()\[\]]{1,160}[)\]]){0,2}"
_ASIDE = r"(?:,(?:\s(?:[A-Z][\w.'\u2019-]{1,24}|of|for|the|and|to)){1,8})?"
_QA = (
    r"(?:Q|A|Q&A|QUESTION|ANSWER|Question|Answer|REPORTER|Reporter|JOURNALIST|Journalist"
    r"|INTERVIEWER|Interviewer"
    r"|SPOKES(?:MAN|WOMAN|PERSON)|Spokes(?:man|woman|person)|MODERATOR|Moderator|HOST|Host"
    r"|PRESS|VOICE|AUDIENCE)\s?#?\d{0,2}"
)
_PERSON = (
    rf"(?:{_TITLE}\s{{1,3}}{_NAME}|(?:The|THE|Madam|MADAM)\s(?:{_NAME}\s)?{_ROLE}|{_ROLE}\s{_NAME})"
)
_COLON = re.compile(
    rf"(?:\*\*|__|\()?(?P<who>{_QA}|{_PERSON}{_ASIDE}{_BRACKET}"
    rf"|{_CAPITALS}\s?\([^()]{{2,80}}\))(?:\*\*"
    rf"|__)?(?:\s?\([^()]{{1,160}}\))?\)?\s?:(?:\*\*|__)?(?:\s+|(?=[\"\u201c\w])|\Z)"
)
_STOP = re.compile(
    rf"(?P<who>(?:{_TITLE}\s{{1,3}}{_LOUD}"
    rf"|The\s(?:ACTING\s)?{_LOUD}(?:\spro\stempore)?)(?:\s(?:of"
    rf"|from)\s[A-Z][\w .-]{{1,30}}?)?{_BRACKET})(?:\."
    rf"|\s[\u2013\u2014])\s+(?=[\"\u201c\u2018]?[A-Z])"
)
_QA_STOP = re.compile(r"(?P<who>[QA])\.\s+(?=[\"\u201c]?[A-Z])")
_ANY = re.compile(rf"(?P<who>{_CAPITALS}|{_NAME})\s?:(?:\s+|\Z)")
_LINE_LABEL = re.compile(rf"^[ \t]*\**({_CAPITALS}|{_NAME})\**\s?:", re.MULTILINE)
_ALONE = re.compile(rf"(?:{_TITLE}\s{{1,3}}{_NAME}|(?:The|Madam)\s{_ROLE}){_BRACKET}")
_NO_PERSON = frozenset(
    (
        "note source sources subject from to re ref date contact update annex background "
        "tags cc bcc "
        "attention classification summary comment action info place time venue topic "
        "title end begin "
        "warning photo original distr agenda article section chapter table figure page "
        "tel fax email"
    ).split()
)
_FIRST = re.compile(r"[A-Z\u00c0-\u00de*_(]")
_LONGEST = 260


class Speakers:
    """Finds speaker labels at the start of sentences, with what repeats in the whole text."""

    def __init__(self, text: str) -> None:
        self._labels = Counter(_LINE_LABEL.findall(text)) if ":" in text else Counter[str]()
        alone = Counter(line for line in map(str.strip, text.splitlines()) if _stands_alone(line))
        self._repeated = {line for line, times in alone.items() if times > 1}
        self._alternate = "\nQ. " in text or text.startswith("Q. ")

    def label(self, text: str, start: int, *, first: bool) -> tuple[int, str] | None:
        """Where the label at a position ends, and whom it names. `first`: of a paragraph."""
        if not _FIRST.match(text, start):
            return None
        end = min(len(text), start + _LONGEST)
        match = self._with_colon(text, start, end, first=first) if ":" in text[start:end] else None
        if match is None and first:
            match = _STOP.match(text, start, end)
            if match is None and self._alternate:
                match = _QA_STOP.match(text, start, end)
        if match is None:
            return None
        return match.end(), match["who"].strip("*_( ")

    def is_repeated(self, text: str) -> bool:
        """Whether a paragraph is a name or an office alone, and not the only such in the text."""
        return text in self._repeated

    def _with_colon(self, text: str, start: int, end: int, *, first: bool) -> re.Match[str] | None:
        match = _COLON.match(text, start, end)
        if match or not first:
            return match
        match = _ANY.match(text, start, end)
        if match and self._labels[match["who"]] > 1:
            return match if match["who"].lower() not in _NO_PERSON else None
        return None


def _stands_alone(text: str) -> bool:
    """Whether a line is only a name or an office, as some records print their speakers."""
    return (
        3 < len(text) <= 80
        and _FIRST.match(text) is not None
        and _ALONE.fullmatch(text.strip("*_ ")) is not None
    )
