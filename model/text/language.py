"""Whether a text is in English, the only language the model has learnt.

CLD2 decides (docs/sentences.md compares seven detectors): of the 8,000 English sentences tried it
took none for foreign, and it is thirty times as fast as the model that scores.
"""

import re
from collections import Counter
from collections.abc import Sequence

import pycld2

from model.text.units import CLAIMS, Sentence

_WORDS = re.compile(r"[a-z']+")
_ENGLISH = frozenset(
    (
        "the of and to in that is was were are be been it he she they we his her their "
        "our its this "
        "these those with for by from not has have had will would shall should which who "
        "as at on an"
    ).split()
)
_LONGEST = 10_000  # enough to tell the language of any text
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")
# What the library refuses: control characters and code points that are no characters.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def foreign_language(text: str) -> str | None:
    """Name the language of a text if it is not English, as an ISO 639 code.

    "und" (undetermined) where only the script is known not to be Latin; None for English, and
    where the text is too short or too mixed to tell.
    """
    readable = _UNREADABLE.sub(" ", text[:_LONGEST])
    if _is_number(readable):
        return None
    reliable, code = _detect(readable, best_effort=False)
    if reliable:
        return None if code in ("en", "un") else code
    if _has_english(readable):
        return None
    _, code = _detect(readable, best_effort=True)
    if code not in ("en", "un", "sco"):
        return code
    return "und" if len(_LETTER.findall(readable)) > 2 * len(_LATIN.findall(readable)) else None


def foreign_sentences(sentences: Sequence[Sentence]) -> dict[int, str]:
    """Languages of the sentences of one text that are not English, by their indexes.

    In a text that is foreign for the greater part, a sentence too short to tell is taken for
    foreign, too.
    """
    claims = [each for each in sentences if each.kind in CLAIMS]
    found = {each.index: code for each in claims if (code := foreign_language(each.scored))}
    lengths = Counter[str]()
    for each in claims:
        lengths[found.get(each.index, "")] += len(each.text)
    if 2 * lengths[""] >= lengths.total():
        return found
    usual = max((code for code in lengths if code), key=lambda code: lengths[code])
    untold = [each for each in claims if each.index not in found and _is_foreign(each.scored)]
    return found | {each.index: usual for each in untold}


def _has_english(text: str) -> bool:
    return not _ENGLISH.isdisjoint(_WORDS.findall(text.lower()))


def _is_number(text: str) -> bool:
    """Whether digits outnumber letters, as in dates and references: too few to guess by."""
    digits = sum(char.isdigit() for char in text)
    return digits > len(_LETTER.findall(text))


def _is_foreign(text: str) -> bool:
    """Whether a sentence of a foreign text may be in its language."""
    return len(_LETTER.findall(text)) > 2 and not _has_english(text)


def _detect(text: str, *, best_effort: bool) -> tuple[bool, str]:
    try:
        reliable, _, found = pycld2.detect(text, bestEffort=best_effort)
    except pycld2.error:  # a character that it takes for none
        return False, "un"
    return bool(reliable), str(found[0][1])
