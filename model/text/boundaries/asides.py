"""Remarks of the record, and emoji, where they stand at the end of a sentence or inside one."""

import re

from model.text.boundaries.words import starts

_ENDS = re.compile(r"[.!?\u2026:;\u2013\u2014-][\"'\u201d\u2019)\]*_]*\s*\Z")
# A sentence goes on behind it: a small letter, also behind a dash; a comma.
_GOES_ON = re.compile(r"[\"\u201c\u2018(\[]?[\u2013\u2014-]{0,2}\s?[a-z]|[,;:.!?]")


def aside_ends(text: str, aside: re.Match[str], body: int, after: int) -> bool:
    """Whether a sentence ends behind "(Applause.)" or "[inaudible]".

    Args:
        text: of the paragraph.
        aside: the remark.
        body: where the sentence begins that holds it.
        after: where the next visible character stands.
    """
    if _GOES_ON.match(text, after, after + 8):
        return False
    before = text[max(body, aside.start() - 12) : aside.start()]
    begun = bool(before.strip()) and not _ENDS.search(before)
    # where words were lost, what follows may be the rest of the sentence
    return not (begun and aside["lost"])


def emoji_ends(text: str, emoji: re.Match[str], body: int, after: int) -> bool:
    """Whether a sentence ends at emoji: words stand before them, and one that begins after."""
    words = text[max(body, emoji.start() - 12) : emoji.start()].strip()
    return (
        after > emoji.end()
        and len(words) > 2
        and words[-1].isalnum()
        and starts(text[after : after + 28])
    )
