"""Whose judgement it is, however the name is written."""

import unicodedata

UNNAMED = "unnamed"  # the annotator of rows of files that name nobody
# zero-width space, word joiner, byte order mark: copied along, never seen, and no part of a name
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))


def normalised_name(name: str) -> str:
    """Write a name in one way: Unicode NFC, single spaces, none at its ends."""
    return " ".join(unicodedata.normalize("NFC", name.translate(_INVISIBLE)).split())


def person_of(name: str) -> str:
    """Say who it is: names that differ only in case are one person, who has one vote."""
    return unicodedata.normalize("NFC", normalised_name(name).casefold())
