"""Whether a sentence ends behind a letter by itself: an initial, or the name of a thing."""

import re

from model.text.abbreviation_lists import OFFICES, PERSONS, REFERENCES
from model.text.abbreviations import OPEN_WORDS
from model.text.boundaries.words import OPENING, starts

_NAMED = REFERENCES - PERSONS - OFFICES
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
SAYING = frozenset(
    "said told asked wrote met saw named called thanked quoted says tells asks writes meets".split()
)
# Plural nouns by their endings, of people who act: no surname ends so.
_ACTORS = re.compile(
    r"(?:[A-Z][a-z]+(?:[aeiu]tors|ctors|ists|ials|icers|orities|ities|tions|ments|dents|icians|testers"
    r"|yers|diers|esses|ivists|oners)|Police|Troops|People|Relatives|Parents|Women|Men|Children)\b"
)
_INITIAL = re.compile(r"[A-Z]\.(?:\s?[A-Z]|-)")


def letter_ends(letter: str, previous: str, following: str) -> bool:
    """Whether it ends behind "annex B." or "Karim M."; not in "V. S. Pell" or "Odal v. Marn"."""
    before = previous.strip(OPENING + "]),;:")
    if letter == "v":  # of two parties to a case
        return False
    if not letter.isascii() or "." in before:
        # "Sect. B." is whole, "Chargé a.i. T." and "(Res.) Y." are not
        named = previous[:-1].lower() if previous.endswith(".") else ""
        return starts(following) or (len(named) > 1 and named in _NAMED)
    if starts(following) or before.lower() in _LETTERED:
        return True
    if before[:1].isupper() and _ACTORS.match(following):  # "Karim M. Prosecutors"
        return True
    if letter.islower() or not before.islower() or before != previous or _INITIAL.match(following):
        return False
    # "size S. Fits", but "by D. Seyfort", "said J. Brandt", "appointed K. Imre"
    return not (
        before in OPEN_WORDS or before in SAYING or before.endswith("ed") or len(before) < 3
    )
