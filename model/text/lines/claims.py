"""Whether a line says something: then it is nobody's page header, whatever it looks like."""

import re

from model.text.abbreviations import is_abbreviation

_SAYING = frozenset(
    "is are was were be been being am has have had do does did will would shall should may might "
    "must can could cannot isn't aren't won't don't doesn't didn't we i they he she it you us them "
    "who whom which that there let please".split()
)
# In capitals they are a month, a country, an hour, an organization, a name.
_IN_SMALL_LETTERS = frozenset("may us it am who will do".split())
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
_STOP_INSIDE = re.compile(r"([^\W\d_]+)[)\"\u201d]?([.!?;])\s+\S")
_END = re.compile(r"[!?;,:]\Z|[a-z]{3}[)\"\u201d\u2019]?\.\Z")
_SMALL = frozenset("of the a an and or to in on at by for from with as de la du des".split())
# Words from which on small letters say that it is no title.
_LONG = 6


def says(text: str) -> bool:
    """Whether it has a verb of the commonest or a pronoun: no title, no citation."""
    return any(
        word.lower() in _SAYING and (word.islower() or word.lower() not in _IN_SMALL_LETTERS)
        for word in _WORD.findall(text)
    )


def is_prose(line: str) -> bool:
    """Whether a line is part of sentences: a verb, a stop, small letters where titles have none."""
    if line[0].islower() or _has_stop(line) or _END.search(line[-8:]) or says(line):
        return True
    words = [word for word in _WORD.findall(line) if word not in _SMALL]
    small = sum(word[0].islower() for word in words)
    return len(words) >= _LONG and small * 2 > len(words)


def _has_stop(line: str) -> bool:
    return any(
        match[2] != "." or not is_abbreviation(match[1]) for match in _STOP_INSIDE.finditer(line)
    )
