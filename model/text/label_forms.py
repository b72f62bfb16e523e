"""Forms of speaker labels: which words before a colon or a full stop can name who speaks."""

import re
from enum import IntEnum

from model.text.abbreviations import STARTERS

_UP = "A-Z\u00c0-\u00de\u0100-\u017f"
_PARTICLES = (
    "de|del|della|la|le|van|von|den|der|ter|ten|al|el|bin|ibn|ben|bint|of|du|da|dos|das|di|af|y|e"
    "|zu|pro|tempore"
)
_WORD = rf"[{_UP}][\w.'\u2019-]{{0,24}}+"
_SECOND_TITLE = (  # "Hon. (Dr.) Odal"
    r"\((?:Dr|Prof|Eng|Mrs?|Ms|Rev|Hon|Col|Gen|Maj|Capt|Amb|Ing|Arch|Sir|Dame)\.?\)"
)
_WHO = (
    rf"{_WORD}(?:\s{{1,3}}(?:{_WORD}|(?:{_PARTICLES}|for|the|and|hon\.?|members?)(?!\w)"
    rf"|{_SECOND_TITLE}|\d{{1,2}}(?!\w))){{0,11}}+"
)
_ASIDE = (
    rf"(?P<aside>,(?:\s(?:{_WORD}|(?:{_PARTICLES}|for|the|and|to|on|in|at|behalf)(?!\w)))"
    r"{1,10}+)?"
)
_BRACKET = r"\s{0,3}[(\[](?:[^()\[\]]|\([^()]{1,20}\)){1,160}+[)\]]"
_BRACKETS = rf"(?P<brackets>(?:{_BRACKET}){{1,3}}+)?"
COLON = re.compile(
    rf"(?:\*\*|__|(?P<open>[(\[]))?(?P<name>(?P<who>Q&A|{_WHO}){_ASIDE}{_BRACKETS})(?:\*\*|__)?"
    rf"(?:{_BRACKET})?[)\]]?\s?:(?:\*\*|__)?(?:\s+|(?=[\"\u201c\w])|\Z)"
    r"(?:[(\[](?i:[^()\[\]]{0,30}\b(?:interpret|translat)[^()\[\]]{0,40})[)\]]\s+)?"
)
# The European Parliament's: "Ana Ferre (ALDE). - Madam President, ...".
DASH = re.compile(
    rf"(?P<name>(?P<who>{_WHO}){_ASIDE}{_BRACKETS})(?:\.|(?<=\.))\s?[-\u2013\u2014]\s+(?=[\"\u201c(]?[{_UP}])"
)
_TITLE = (
    r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Dame|Lord|Lady|Baroness|Hon|Sen|Rep|Rev|Gen|Col"
    r"|Capt|Amb|Senhor|Shri|Smt|Sheikh"
    r"|MR|MRS|MS|MISS|DR|PROF|SIR|DAME|LORD|LADY|HON|SEN|REP|REV|GEN|COL|CAPT|AMB|SHRI|SMT"
    r"|SHEIKH|M|Mme|Colonel|General|Captain|Major|Admiral|Professor|Judge|Justice|Bishop"
    r"|Father|Sister|Brother|Comrade|H\.E|Hon'ble)\.?)"
)
_NAME = rf"[{_UP}][\w'\u2019-]{{1,24}}(?:\s[{_UP}][\w'\u2019-]{{1,24}}){{0,3}}"
_LOUD = (
    rf"(?:[A-Z]\.\s){{0,3}}(?:Mc|Mac|De|Le|O['\u2019])?[{_UP}]{{2}}[{_UP}'\u2019-]{{0,22}}"
    rf"(?:\s[{_UP}][{_UP}'\u2019-]{{1,22}}){{0,4}}"
)
_ASIDES = r"(?:\s{0,3}[(\[][^()\[\]]{1,160}[)\]]){0,2}"
_NEXT = r"(?=[\"\u201c\u2018]?[A-Z])"
STOP = re.compile(
    rf"(?P<who>(?:{_TITLE}\s{{1,3}}{_LOUD}"
    rf"|The\s(?:ACTING\s|Acting\s)?{_LOUD}(?:\spro\stempore)?)(?:\s(?:of"
    rf"|from)\s[A-Z][\w .-]{{1,30}}?)?{_ASIDES})(?:\.|\s[\u2013\u2014])\s+{_NEXT}"
)
_OFFICE = r"(?:Chair(?:man|woman|person)?|Senator|Secretary|Ambassador|Representative|Speaker)"
# Hearings: "Senator Corwin. Thank you." A label where the same stands at several lines' start.
SOFT_STOP = re.compile(
    rf"(?P<who>(?:{_TITLE}|(?:The\s)?{_OFFICE})\s{{1,3}}{_NAME}|The\s{_OFFICE})\.\s+{_NEXT}"
)
QA_STOP = re.compile(r"(?P<who>[QA])\.\s+(?=(?:[-\u2013\u2014]+\s)?[\"\u201c(\[]?[A-Z])")
QA_WIDE = re.compile(r"(?P<who>[QA])(?:\t\s*|\s{2,})(?=\S)")
QA_THIN = re.compile(r"(?P<who>Q)\s(?=[\"\u201c(\[\u2026\u2013\u2014-]|[A-Z])")
ALONE = re.compile(rf"(?:{_TITLE}\s{{1,3}}{_NAME}|(?:The|Madam|THE)\s[A-Z][\w -]{{2,30}}){_ASIDES}")
_QA = re.compile(
    r"(?:Q|A|Q&A|(?i:question|answer|reporter|journalist|interviewer|correspondent|spokes(?:man"
    r"|woman|person)|moderator|host|press|voice|audience(?: member)?|participant|panelist|staff"
    r"|interpreter|operator|unidentified (?:male|female|speaker|person)))\s?#?\d{0,2}"
)
_HON_MEMBERS = re.compile(
    r"(?i:(?:some|several|an?|many|other|all)?\s?(?:hon(?:ou?rable|\.)?|opposition|government)"
    r"\s(?:members?|senators?|gentlem[ae]n))"
)
TITLES = frozenset(
    "mr mrs ms miss mx dr prof sir dame lord lady baroness baron viscount viscountess earl "
    "countess hon sen rep rev revd gen col capt maj lt adm brig amb senhor shri smt shrimati "
    "sushri kumari sheikh sheikha m mme mlle colonel general captain major admiral brigadier "
    "lieutenant professor judge justice bishop archbishop monsignor msgr cardinal father "
    "sister brother comrade h.e hon'ble hon\u2019ble prince princess king queen emir sultan "
    "alhaji chief right rt engr adv".split()
)
ROLES = frozenset(
    "president vice-president chair chairman chairwoman chairperson co-chair speaker officer "
    "secretary secretary-general under-secretary under-secretary-general secretary-designate "
    "minister chancellor premier ambassador moderator clerk delegate representative spokesman "
    "spokeswoman spokesperson commissioner rapporteur director director-general governor "
    "senator deputy member admiral commander marshal official administrator counselor "
    "counsellor adviser advisor envoy mayor congressman congresswoman taoiseach t\u00e1naiste "
    "comhairle advocate-general solicitor-general attorney-general leader chief registrar "
    "coordinator correspondent reporter prosecutor general colonel mediator".split()
)
# "General Assembly:" and "Chief Points:" name nobody.
_NO_NAMES = frozenset(
    "assembly council principles provisions remarks debate comments information committee "
    "secretariat statement election elections affairs groups points report questions "
    "conclusions office department ministry staff strike system reform law conference".split()
)
_NO_PERSON = frozenset(
    "note notes source sources subject from to re ref date contact contacts update annex "
    "background tags cc bcc attention classification summary comment action info place time "
    "venue topic title end begin warning photo original distr agenda article section chapter "
    "table figure page tel fax email e-mail image caption media release statement statements "
    "press rights points remarks sent read share published updated posted breaking urgent web "
    "website phone address location organisation organization example results result "
    "conclusion conclusions introduction reference references step steps first second third "
    "finally recommendation recommendations addressing decision decisions theme motion bill "
    "amendment question answer item language keywords author authors editor editors "
    "correction embargo part annexes appendix signed against favour favor abstaining "
    "abstentions ayes noes present absent excellency excellencies colleagues friends".split()
)
_LINKS = frozenset("for the and members".split())
_LONGEST_NAME = 5
# Words that may follow an office: "Foreign Secretary Ana Ferre".
_AFTER_ROLE = 4


class Strength(IntEnum):
    """How much a form says by itself."""

    NONE = 0
    WEAK = 1  # a name: a label where the text has others
    STRONG = 2  # a title, an office, "Q"


def strength(match: re.Match[str]) -> Strength:
    """How surely a match of `COLON` or `DASH` names a speaker."""
    who = match["who"]
    words = who.split()
    plain = [word.rstrip(".,").lower() for word in words]
    if _QA.fullmatch(who) or _HON_MEMBERS.fullmatch(who):
        return Strength.STRONG
    if plain[0] in TITLES and len(words) > 1:
        return Strength.WEAK if plain[1] in _NO_NAMES else Strength.STRONG
    if not ROLES.isdisjoint(plain):
        return _of_office(who, plain)
    if not _NO_PERSON.isdisjoint(plain) or not _LINKS.isdisjoint(plain):
        return Strength.NONE
    if match["brackets"] and who.isupper():
        return Strength.STRONG
    if words[0] in STARTERS or len(words) > _LONGEST_NAME or any(word.isdigit() for word in words):
        return Strength.NONE
    return Strength.WEAK


def is_named_fully(match: re.Match[str]) -> bool:
    """Whether a name of several words has something in brackets that is no short form of it."""
    who, brackets = match["who"], match["brackets"]
    if not brackets or " " not in who:
        return False
    initials = "".join(word[0] for word in who.split() if word[0].isupper())
    return initials not in brackets


def _of_office(who: str, plain: list[str]) -> Strength:
    if plain[0] in ("the", "madam"):
        return Strength.STRONG
    last = max(i for i, word in enumerate(plain) if word in ROLES)
    after = plain[last + 1 :]
    if not _NO_NAMES.isdisjoint(after) or len(after) > _AFTER_ROLE or last > _LONGEST_NAME:
        return Strength.NONE
    if who.isupper():
        return Strength.STRONG
    return Strength.WEAK if not after or "of" in after or "for" in after else Strength.STRONG
