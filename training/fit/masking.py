"""States by any name to one stand-in, inside the tokenizer, so that no country carries a label.

A model that has read a thousand sentences in which one state is blamed blames it a little in the
next. Where every state, adjective, people and capital looks the same, swapping them changes
nothing. The names are in states.tsv: variants of one name are separated by "|".
"""

import csv
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from tokenizers import Regex, normalizers

STATES = Path(__file__).parent / "states.tsv"
# A stand-in is one word that the encoder knows well, of a state few quarrel with.
_STAND_INS = {"state": "Finland", "adjective": "Finnish", "people": "Finns", "capital": "Helsinki"}


def read_names(path: Path = STATES) -> dict[str, set[str]]:
    """Kind of name ("state", "adjective", "people", "capital") to all names of that kind."""
    names: dict[str, set[str]] = {kind: set() for kind in _STAND_INS}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            for kind in names:
                names[kind].update(filter(None, row[kind].split("|")))
    return names


def masking_normalizers() -> Iterator[normalizers.Normalizer]:
    """One replacement a kind; they see text as written, before it is lower-cased.

    "the" before a state goes with it: some states have an article and others none.
    """
    for kind, names in read_names().items():
        article = "(?:[Tt]he )?" if kind == "state" else ""
        pattern = rf"(?<!\w){article}{any_of(names)}(?!\w)"
        yield normalizers.Replace(Regex(pattern), _STAND_INS[kind])


def any_of(words: Collection[str]) -> str:
    """A regular expression of any of the words, the longest that fits first, as a tree of letters.

    Tried one by one, the 1,300 names of states cost more than all else in tokenising: 102 us a
    sentence of 27 tokens, against 6 us as a tree.
    """
    tails: dict[str, list[str]] = {}
    for word in sorted(filter(None, words)):
        tails.setdefault(word[0], []).append(word[1:])
    branches = [re.escape(letter) + any_of(rest) for letter, rest in tails.items()]
    if "" in words:
        return f"(?:{'|'.join(branches)})?" if branches else ""
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
