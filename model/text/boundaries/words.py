"""The words on either side of a stop."""

import re

from model.text.abbreviations import STARTERS

_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
OPENING = "([\"\u201c\u201e\u2018'\u00ab*_`<\u200b\ufeff"
# What looks like the beginning of a sentence and is a reference, an initial or a symbol.
_NO_STARTER = re.compile(r"[\"\u201c(]?(?:Nos?\.\s?\d|[AI][./])")


def word_before(text: str, at: int) -> str:
    """The word that ends at a position, without what opens it."""
    pieces = text[max(0, at - 26) : at].rsplit(None, 1)
    return pieces[-1].lstrip(OPENING) if pieces else ""


def next_word(following: str) -> str:
    """The first word of what comes after, without what opens it."""
    match = _WORD.match(following.lstrip(OPENING))
    return match.group() if match else ""


def starts(following: str) -> bool:
    """Whether a word follows that begins sentences, and no names."""
    # "I'm" and "It's", too
    word = re.split(r"['\u2019]", next_word(following), maxsplit=1)[0]
    return word in STARTERS and not _NO_STARTER.match(following)


def is_rank(text: str, begins: int, token: str) -> bool:
    """Whether a word stands behind a rank and "de": "Cap. de Nav. Pell"."""
    rank = text[max(0, begins - 30) : begins].rsplit(None, 2)[-2:]
    return len(token) < 5 and token[:1].isupper() and rank[0].endswith(".")
