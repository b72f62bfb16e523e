"""What a full stop after a word may mean: abbreviations, by what may follow them."""

import re

from model.text.abbreviation_lists import (
    CAPITALISED,
    CAPITALISED_REFERENCES,
    ENDINGS,
    MONTHS,
    OFFICES,
    PERSONS,
    REFERENCES,
)

TITLES = PERSONS | OFFICES
_KNOWN = TITLES | REFERENCES | ENDINGS | MONTHS
_KNOWN_CAPITALISED = CAPITALISED | CAPITALISED_REFERENCES
CLOCK = frozenset(("a.m", "p.m"))
ZONES = re.compile(
    r"(?:[A-Z]{1,2}[SD]?T|GMT|UTC|CES?T|Z|Eastern|Central|Pacific|Mountain|Greenwich|Standard|Local"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"|[A-Z][a-z]+(?:\s[A-Z][a-z]+)?\s(?:time|Time))\b"
)
# Words that begin sentences, and do not begin names.
STARTERS = frozenset(
    (
        "The A An This That These Those It He She They We You His Her Its Their Our My Your I "
        "In On At By For From With Without To After Before Since Until While When Where "
        "As If But And "
        "Or Nor So Yet However Moreover Furthermore Therefore Thus Hence Nobody Nothing "
        "None No Some "
        "Many Most All Both Each Every Others There Here Then Now Today Yesterday Tomorrow Tonight "
        "What Who Whom Whose Why How Which Whether Although Though Because Such Not Never "
        "Only Also "
        "Still Once Under Over Between During Despite Nevertheless Nonetheless Meanwhile "
        "Later Earlier "
        "Neither Either Another Several Few More Less Much Is Are Was Were Do Does Did "
        "Will Would Can "
        "Could Should Must Has Have Had Let Please Yes Instead Finally Indeed Perhaps Nowhere "
        "Everybody Everyone Everything Somebody Someone Something Anyone Anybody Anything Unless "
        "Even Just Last Next Again Above Across Against Among Throughout Within Upon According"
    ).split()
)
# Words after which a line or a sentence cannot end.
OPEN_WORDS = frozenset(
    (
        "of the a an and or to in on at by for from with without which who whose whom as than into "
        "upon between against under during its his their our my your these be been is are was were "
        "has have had will would shall should may might must can could nor but if when while where "
        "because since until through toward towards within per via de la del le les des "
        "du da dos van "
        "von al el bin ibn mr mrs ms dr prof that this her not both either neither among "
        "amid despite all "
        "regarding concerning including namely every each such very more most less"
    ).split()
)
_VOWEL = re.compile(r"[aeiouyAEIOUY]|[^\x00-\x7f]")
_TAIL = re.compile(r"[^\s.,;:()\[\]\"“”‘/\-–—]+(?:\.[A-Za-z]{1,3})*\Z")
# "Gov't", "Sec'y", "Int'l", "Comm'n", "Att'ys"; not "can't", "he'd", "the guard's".
_CONTRACTED = re.compile(
    r"(?!\w*n['\u2019]t\Z)[A-Za-z]{2,}['\u2019](?:[tlynrg]|[lnry]s)\Z|(?:cont|rec|ret|aff|rev)['\u2019]d\Z",
    re.IGNORECASE,
)
_ELIDED = re.compile(r"(?:[ldnsLDNS]|qu|dell|all|nell|sull)['\u2019](?=\w)")
# What a reference such as "art." needs behind it: a number, a letter, "No.".
_REFERRED = re.compile(
    r"[\u00a7(\[]{0,2}(?:\d|[a-zA-Z]\)|N(?:os?|rs?)\b|[IVXLC]{1,7}\b(?! [a-z]))|\u2116"
)


def last_token(text: str) -> str:
    """The word at the end of a text, dots inside it kept: "H.E", "Gen" of "Lt.-Gen"."""
    match = _TAIL.search(text[-24:])
    return unelided(match.group()) if match else ""


def unelided(token: str) -> str:
    """A word without the article or preposition before its apostrophe: "art" of "l'art"."""
    return _ELIDED.sub("", token, count=1)


def is_abbreviation(token: str) -> bool:
    """Whether a full stop after the word need not end a sentence."""
    low = token.lower()
    if "." in token or (len(token) == 1 and token.isalpha()):
        return True
    if low in _KNOWN or (token[:1].isupper() and low in _KNOWN_CAPITALISED):
        return True
    return is_clipped(token) or is_contracted(token)


def is_clipped(token: str) -> bool:
    """Whether it has a capital and no vowel, as "Ksh" and "Sgt" have, and no word of English."""
    if not 2 <= len(token) <= 4 or not token[0].isupper() or not token[1:].islower():
        return False
    return token.isalpha() and not _VOWEL.search(token)


def is_contracted(token: str) -> bool:
    """Whether an apostrophe stands for the middle of the word: "Gov't", "Sec'y"."""
    return ("'" in token or "\u2019" in token) and _CONTRACTED.match(token) is not None


def ends_with_abbreviation(line: str) -> bool:
    """Whether a line's last full stop may be that of an abbreviation."""
    tail = line[-25:].rstrip()
    return tail.endswith(".") and is_abbreviation(last_token(tail[:-1]))


def wants_more(line: str, after: str) -> bool:
    """Whether a line ends in an abbreviation that the next line begins to complete: "Art." and "3".

    A title wants a name, a reference a number; both are seen before any width is asked for.
    """
    token = last_token(line[-25:].rstrip().removesuffix("."))
    low = token.lower()
    if low in PERSONS or (low in OFFICES and token[:1].isupper()):
        return after[:1].isupper()
    if low == "no" and token.islower():  # the answer, more often than the number
        return after[:1].isdigit()
    known = low in REFERENCES or (token[:1].isupper() and low in CAPITALISED_REFERENCES)
    return known and _REFERRED.match(after) is not None
