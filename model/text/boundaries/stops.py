"""Whether a full stop ends a sentence, by the word before it and what comes after."""

import re

from model.text.abbreviations import (
    CLOCK,
    ENDINGS,
    HONOURS,
    MONTHS,
    OPEN_WORDS,
    REFERENCES,
    STARTERS,
    TITLES,
    ZONES,
    is_clipped,
)

_KNOWN = TITLES | REFERENCES | ENDINGS | MONTHS
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
_AFTER_REFERENCE = re.compile(r"[\u00a7(\[]{0,2}(?:\d|[IVXLC]{1,7}\b|[A-Za-z]\b(?!'))")
# Nouns that a letter by itself is the name of: "annex B. The maps are lost."
_LETTERED = frozenset(
    (
        "annex annexe appendix exhibit schedule plan group class category grade size type section "
        "part zone sector area block option form level list point item vitamin hepatitis influenza "
        "route gate hall room wing column table figure chart version phase protocol article case "
        "company line unit camp site party side team division league tier band series "
        "model vitamins"
    ).split()
)
_SAYING = frozenset(
    "said told asked wrote met saw named called thanked quoted says tells asks writes meets".split()
)
# After a full stop without a capital: only before words that begin sentences in any writing.
_PRONOUNS = frozenset("they we he she it i this that these those the there you".split())
_OPENING = "([\"\u201c\u201e\u2018'\u00ab*_`<\u200b\ufeff"


def word_before(text: str, at: int) -> str:
    """The word that ends at a position, without what opens it."""
    pieces = text[max(0, at - 26) : at].rsplit(None, 1)
    return pieces[-1].lstrip(_OPENING) if pieces else ""


def next_word(following: str) -> str:
    """The first word of what comes after, without what opens it."""
    match = _WORD.match(following.lstrip(_OPENING))
    return match.group() if match else ""


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
    if not whole or following[len(word) : len(word) + 1] in ("/", "@", "_"):
        return False
    return stop != "." or full_stop_ends(token, "", "The")


def full_stop_ends(token: str, previous: str, following: str) -> bool:
    """Whether a sentence ends at a full stop before a capital, a digit or a mark.

    Args:
        token: the word before it, inner dots kept.
        previous: the word before that.
        following: some twenty characters after the white space.
    """
    word = token.rpartition("-")[2].rpartition("/")[2] or token
    low = word.lower()
    if "." in word:
        return _dotted_ends(word, previous, following)
    if len(word) == 1 and word.isalpha():
        return _letter_ends(word, previous, following)
    if low in _KNOWN:
        return _abbreviation_ends(low, following)
    return not is_clipped(word) or next_word(following) in STARTERS


def _abbreviation_ends(low: str, following: str) -> bool:
    after = next_word(following)
    if low in REFERENCES and (low not in TITLES or _AFTER_REFERENCE.match(following)):
        # "He said no. Parliament voted": a small "no" before a word is an answer
        return not _AFTER_REFERENCE.match(following) and (low == "no" or after in STARTERS)
    if low in MONTHS:
        return following[:1].isalpha() and not (low in ("mar", "sat") and after not in STARTERS)
    if low in TITLES:
        return False
    return after in STARTERS and following[:1].isalpha()


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
    if last in TITLES or (last in REFERENCES and following[:1].isdigit()):
        return False
    if len(last) > 2 and not low.startswith("ph."):  # an address or a file, not an abbreviation
        return True
    return after in STARTERS or after in ("Mr", "Mrs", "Ms") or following[:1] in "\u2013\u2014[•"


def _letter_ends(letter: str, previous: str, following: str) -> bool:
    after, before = next_word(following), previous.strip(_OPENING + "]),;:")
    if letter == "v":  # of two parties to a case
        return False
    if after in STARTERS:
        return True
    if before.lower() in _LETTERED:
        return True
    if letter.islower() or not before.islower() or before != previous:
        return False
    # "size S. Fits", but "by D. Seyfort", "said J. Brandt", "appointed K. Imre"
    return not (
        before in OPEN_WORDS or before in _SAYING or before.endswith("ed") or len(before) < 3
    )
