"""Mask state names: replace every state by one, inside the tokenizer, so that none biases a label.

A model trained on a thousand sentences that criticise one state expects criticism wherever that
state is named. If every state, adjective, people and capital looks the same, swapping names
changes nothing. The names are in states.tsv: variants of one name are separated by "|".
"""

import csv
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from tokenizers import Regex, normalizers

STATES = Path(__file__).parent / "states.tsv"
# one word each that the encoder knows well, of a state that is rarely criticised
_REPLACEMENTS = {
    "state": "Finland",
    "adjective": "Finnish",
    "people": "Finns",
    "capital": "Helsinki",
}


def read_names(path: Path = STATES) -> dict[str, set[str]]:
    """Read all names by kind: "state", "adjective", "people" and "capital"."""
    names: dict[str, set[str]] = {kind: set() for kind in _REPLACEMENTS}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            for kind in names:
                names[kind].update(filter(None, row[kind].split("|")))
    return names


def masking_normalizers() -> Iterator[normalizers.Normalizer]:
    """Yield one replacement a kind, for text before it is lower-cased.

    "the" before a state is replaced with it: some states have an article and others none.
    """
    for kind, names in read_names().items():
        article = "(?:[Tt]he )?" if kind == "state" else ""
        pattern = rf"(?<!\w){article}{any_of(names)}(?!\w)"
        yield normalizers.Replace(Regex(pattern), _REPLACEMENTS[kind])


def any_of(words: Collection[str]) -> str:
    """Return a regular expression that matches any of the words, longest first, as a prefix tree.

    As a plain list of alternatives, 1,300 state names cost more than the rest of tokenising: 102 us
    a sentence of 27 tokens, against 6 us as a prefix tree.
    """
    tails: dict[str, list[str]] = {}
    for word in sorted(filter(None, words)):
        tails.setdefault(word[0], []).append(word[1:])
    branches = [re.escape(letter) + any_of(rest) for letter, rest in tails.items()]
    if "" in words:
        return f"(?:{'|'.join(branches)})?" if branches else ""
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
