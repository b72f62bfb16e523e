"""Datelines: where, when and for whom a report was written, before its first sentence."""

import re

from model.text.abbreviations import STARTERS

_UP = "A-Z\u00c0-\u00de"
_S = r"\s{1,3}"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DATE = (
    rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?{_S})?"
    rf"(?:{_MONTH}{_S}\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?{_S}{_MONTH}"
    rf"|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}})(?:,?{_S}\d{{4}})?"
    rf"(?:,?{_S}\d{{1,2}}[:.]\d{{2}}(?:\s?(?:GMT|UTC|hrs|[ap]\.?m\.?))?)?"
)
_CITY = rf"[{_UP}][\w.'\u2019-]{{1,20}}(?:{_S}[{_UP}][\w.'\u2019-]{{1,20}}){{0,3}}"
_CAPITALS = rf"[{_UP}][{_UP}.'\u2019/ -]{{1,40}}"
_COUNTRY = rf"(?:\s?\([{_UP}][\w .'\u2019-]{{2,30}}\))?(?:,{_S}{_CITY}){{0,2}}"
_AGENCY = r"(?:\s{0,3}[(/][A-Z][\w ./&-]{1,30}[)/]|,\s[A-Z]{2,10}(?=\s?[-\u2013\u2014]))"
_DASH = r"(?:-{1,3}|\u2013|\u2014)"
_END = rf"[.,]?(?:{_S}{_DASH}{_S}|\s?[:.]?\s?\u2014\s?)"
_PLAIN_END = rf"(?:{_S}{_DASH}{_S}|\s?\u2014\s?|{_DASH}{_S})"
# Behind a date and an agency's name less will do: "/HNA/. ", "(HNA): ".
_AGENCY_END = rf"(?:{_END}|[.:]{_S}|{_DASH}{_S})"
_NEXT = rf"(?=[\"\u201c\u2018'(]?[{_UP}])"
_DATELINE = re.compile(
    rf"(?:(?:{_CAPITALS}|{_CITY}){_COUNTRY}"
    rf"(?:[.,]?{_S}{_DATE}(?:[.,]?{_AGENCY}{_AGENCY_END}|{_END})|{_AGENCY}{_PLAIN_END}"
    rf"|\s\|\s[A-Z]{{2,10}}\s\|\s{_DATE}{_END})"
    rf"|(?P<bare>{_CAPITALS}{_COUNTRY}){_END}){_NEXT}"
)
_WORD = re.compile(r"[^\W\d_]+")
# Words of calls and answers in capitals, which are no places: "STOP - They must leave."
_NO_PLACE = frozenset(word.lower() for word in STARTERS) | frozenset(
    "go stop end free out help wait enough peace war shame justice freedom give".split()
)
# What follows them goes on in somebody's own voice; a report does not begin so.
_VOICE = frozenset(
    "We They It He She You I Nobody No Not Never Nothing There Let Why What "
    "Who How Do Our Your Their".split()
)
_LONGEST = 120
# One of these ends every dateline; most paragraphs have none.
_SIGNS = (" -", "- ", "-\n", "\u2013", "\u2014", "/. ", "/.\n", "/: ", ").", "):")


def dateline_end(text: str, start: int, end: int) -> int | None:
    """Where the dateline ends that stands at a position, if one does."""
    head = text[start : min(end, start + _LONGEST)]
    if not head[:1].isupper() or not any(sign in head for sign in _SIGNS):
        return None
    match = _DATELINE.match(text, start, min(end, start + _LONGEST))
    if match is None or (match["bare"] and not _is_place(match["bare"], text, match.end())):
        return None
    return match.end()


def _is_place(bare: str, text: str, after: int) -> bool:
    """Whether capitals before a dash, without a date or an agency, name a place."""
    if any(word.lower() in _NO_PLACE for word in _WORD.findall(bare)):
        return False
    following = _WORD.search(text, after, after + 20)
    return following is None or following.group() not in _VOICE
