"""What a person may say about a file: where things stand in it, and what its names mean."""

from argparse import ArgumentTypeError
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from data.exchange.formats.fields.people import AnnotatorMap
from model.stance import STANCES

NONE, SKIP, UNANSWERED = "none", "skip", "unanswered"
_OTHER_ANSWERS = (NONE, SKIP, UNANSWERED)


@dataclass(frozen=True)
class ReadOptions:
    """How to read a file whose fields and names are another project's.

    Attributes:
        text: the field that holds the sentence.
        labels: the field, control or question that holds the answer.
        doc: the field that names the document.
        names: a name of the file, folded, to the labels it stands for, or to ("skip",) or
            ("unanswered",); "" is an answer that is empty.
        classes: the names behind numbers and places, in their order.
        encoding: of the text; None looks for a mark at its start and else takes UTF-8.
        people: a name of an annotator in the file, to the name to keep.
        keep: fields that mean nothing here, whatever they look like; they ride along.
    """

    text: str | None = None
    labels: str | None = None
    doc: str | None = None
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    encoding: str | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[str, ...] = ()

    @cached_property
    def map(self) -> AnnotatorMap:
        """Who the names of the file are."""
        return AnnotatorMap(self.people)


def folded(name: str) -> str:
    """A name as it is compared: case and white space around it do not count."""
    return name.strip().casefold()


def parse_names(text: str) -> dict[str, tuple[str, ...]]:
    """Parse "Disapproves=criticism; No stance=none" into what `ReadOptions.names` holds.

    Pairs are separated by semicolons, or by commas where there is no semicolon. Several labels are
    joined by "+".

    Raises:
        ArgumentTypeError: a pair has no "=", a name stands twice, or the meaning is unknown.
    """
    names: dict[str, tuple[str, ...]] = {}
    for pair in filter(str.strip, text.split(";" if ";" in text else ",")):
        name, equals, meaning = pair.rpartition("=")
        means = tuple(map(folded, meaning.split("+")))
        if not equals or not _is_meaning(means):
            valid = f"NAME=LABEL with a label out of {', '.join((*STANCES, *_OTHER_ANSWERS))}"
            raise ArgumentTypeError(f"{pair.strip()!r} is not {valid}, or labels joined by +")
        if names.setdefault(folded(name), means) != means:
            raise ArgumentTypeError(f"{name.strip()!r} is given two meanings")
    return names


def _is_meaning(means: tuple[str, ...]) -> bool:
    stances = set(means) <= set(STANCES) and len(set(means)) == len(means)
    return stances or (len(means) == 1 and means[0] in _OTHER_ANSWERS)
