"""Whether a full stop ends a sentence, by the word before it and what comes after."""

import re

from model.text.abbreviation_lists import (
    BRACKETED,
    CAPITALISED,
    CAPITALISED_REFERENCES,
    ENDINGS,
    HONOURS,
    MONTHS,
    OFFICES,
    PERSONS,
    REFERENCES,
    UNITS,
)
from model.text.abbreviations import (
    CLOCK,
    OPEN_WORDS,
    STARTERS,
    ZONES,
    is_clipped,
    is_contracted,
    unelided,
)
from model.text.boundaries.letters import SAYING, letter_ends
from model.text.boundaries.numbers import number_ends
from model.text.boundaries.words import next_word, starts, word_before

_TITLES = PERSONS | OFFICES
_KNOWN = _TITLES | REFERENCES | ENDINGS | MONTHS
_AFTER_REFERENCE = re.compile(
    r"[\u00a7(\[]{0,2}(?:\+?\d|[IVXLC]{1,7}\b|[A-Za-z]\b(?!')|N(?:os?|rs?)\.|N[\u00b0\u00ba])|\u2116"
)
# Where a capitalised word that no list knows is a reference: "Tbl. 4, Eq. 5 and Anx. 6".
_COUNTED = re.compile(r"\d{1,4}[a-z]?(?:[,;)]|\s(?:and|or|to)\s\d)")
# "75 Kestr. 287", "5 Kestr. Rptr. 3d"
_REPORTER = re.compile(r"(?:[A-Z][a-z]{1,6}\.\s?)?\d")
# Words that follow the end of a sentence even where its last word is a title: "in Pell St. The".
_AFTER_TITLE = STARTERS - frozenset(
    "A An I He She You My So No In Do Can Will Let Just Even Her Most Such Has Are Over".split()
)
_BREAKS_IN = re.compile(r"[\u2013\u2014-]{1,2}\s[a-z]|(?:Inc|Corp|Ltd|Co|Group|plc)\b\.?")
_CURRENCY = re.compile(r"(?:[A-Z]{3}|Euros?|Dollars?|Francs?|Pounds?)\b")
# After a full stop without a capital: only before words that begin sentences in any writing.
_PRONOUNS = frozenset("they we he she it i this that these those the there you".split())


def begins_small(token: str, following: str, *, small: bool) -> bool:
    """Whether a sentence ends before a small letter: in texts without capitals, and in haste."""
    if not token.islower() or len(token) < 2 or token in _KNOWN or "." in token:
        return False
    return small or next_word(following) in _PRONOUNS


def begins_unspaced(text: str, at: int, end: int, stop: str) -> bool:
    """Whether a sentence begins without a space: "We reject it.They must leave."."""
    if len(stop) != 1 or not text[end].isupper():
        return False
    token, following = word_before(text, at), text[end : end + 20]
    if len(token) < 2 or not token.isalpha() or not token[1:].islower():
        return False
    word = next_word(following)
    whole = word[1:].islower() or (len(word) == 1 and following[1:2] == " ")
    rest = following[len(word) :]
    if not whole or rest[:1] in ("/", "@", "_") or (rest[:1] == "." and rest[1:2].islower()):
        return False  # of a file, an address, a site
    return stop != "." or full_stop_ends(token, "", following)


def emphatic_goes_on(before: str, stop: str, following: str) -> bool:
    """Whether a sentence goes on behind dots, "?" or "!" though no small letter follows.

    "spoke of ... President Pell": words were left out; "right? — to protect": the speaker broke
    in; "Yahoo! Inc.": a name.
    """
    if stop in ("...", "\u2026"):
        return before.endswith(" ") and before.rstrip().rpartition(" ")[2] in OPEN_WORDS
    return _BREAKS_IN.match(following) is not None


def bracket_ends(token: str, following: str) -> bool:
    """Whether a sentence ends at a full stop inside brackets that hold one word: "(ret.) Arno"."""
    return token.lower() not in BRACKETED or starts(following) or not following[:1].isupper()


def full_stop_ends(token: str, previous: str, following: str) -> bool:
    """Whether a sentence ends at a full stop before a capital, a digit or a mark.

    Args:
        token: the word before it, inner dots kept.
        previous: the word before that.
        following: some twenty characters after the white space.
    """
    word = token.rpartition("-")[2].rpartition("/")[2] or token
    if "'" in word or "\u2019" in word:
        if is_contracted(word):
            return starts(following)
        word = unelided(word)
    if word[:1].isdigit():
        return starts(following) or number_ends(word, previous, following)
    if "." in word:
        return _dotted_ends(word, previous, following)
    if len(word) == 1 and word.isalpha():
        if len(token) > 1:  # "A.-M. Roux", not "ARPA-H."
            return starts(following) or len(token.rpartition("-")[0].strip(".")) > 1
        return letter_ends(word, previous, following)
    return _word_ends(word, previous, following)


def _word_ends(word: str, previous: str, following: str) -> bool:
    low = word.lower()
    if low in UNITS and previous[-1:].isdigit():
        return not (ZONES.match(following) or _CURRENCY.match(following))
    if low in _KNOWN:
        return _abbreviation_ends(word, previous, following)
    return not word[:1].isupper() or _capitalised_ends(word, following, previous)


def _capitalised_ends(word: str, following: str, previous: str) -> bool:
    """Of a word with a capital that is no abbreviation in small letters."""
    low = word.lower()
    if low in CAPITALISED_REFERENCES and _AFTER_REFERENCE.match(following):
        return False
    if (low in CAPITALISED and not word.isupper()) or is_clipped(word):
        return starts(following)
    if previous.isdigit() and len(word) < 7 and _REPORTER.match(following):
        return False  # a volume, a reporter and a page
    return not (len(word) < 6 and _COUNTED.match(following))


def _abbreviation_ends(word: str, previous: str, following: str) -> bool:
    low = word.lower()
    if low == "no":
        return _no_ends(previous, following)
    if low in REFERENCES and (low not in _TITLES or _AFTER_REFERENCE.match(following)):
        if _AFTER_REFERENCE.match(following):
            return False
        return word.islower() or starts(following)  # "a dealer in art. Pell"; "Res. Council"
    if low in MONTHS:
        return following[:1].isalpha() and not (low in ("mar", "sat") and not starts(following))
    if low in PERSONS:
        return False
    if low in OFFICES:
        return next_word(following) in _AFTER_TITLE
    if low == "etc" and previous.rstrip(",;").islower() and following[:1].isupper():
        return True  # of things; behind a capital it may stand in the title of an act
    return starts(following) and following[:1].isalpha()


def _no_ends(previous: str, following: str) -> bool:
    """Tell the answer ("He said no. Parliament voted") from the number ("No. 4", "no. B 12")."""
    if following[:1].isdigit() or not _AFTER_REFERENCE.match(following):
        return not following[:1].isdigit()
    return previous in SAYING or previous in ("is", "was", "be", "answer", "vote", "voted", "a")


def _dotted_ends(word: str, previous: str, following: str) -> bool:
    low, after = word.lower(), next_word(following)
    if low in HONOURS:
        return False
    if low in CLOCK:
        return following[:1] not in "(" and not ZONES.match(following)
    if low == "p.c" or (low in ("b.c", "a.d") and previous[-1:].isdigit()):
        return True
    if low == "d.c" and previous.endswith(","):
        return True
    last = low.rpartition(".")[2]
    if last in _TITLES or (last in REFERENCES and following[:1].isdigit()):
        return False
    if len(last) > 2 and not low.startswith("ph."):  # an address or a file, not an abbreviation
        return True
    return starts(following) or after in ("Mr", "Mrs", "Ms") or following[:1] in "\u2013\u2014[•"
