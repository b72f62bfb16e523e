"""One annotated sentence, made from a parsed JSON row."""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from data.annotation.row_checks import FIELDS, Problem, check_row
from model.errors import Fault
from model.stance import STANCES, Stance


@dataclass(frozen=True)
class HeldStance:
    """Who holds a stance towards what.

    Attributes:
        holder: a verbatim span of the text, "author", or None where nobody is named.
        target: a verbatim span of the text, or None.
        voice: "own" where the document speaks for itself, "reported" where it tells of another.
    """

    label: Stance
    holder: str | None
    target: str | None
    voice: str


SUGGESTED_BY = "suggested_by"  # of a row's fields: the model whose answer was in sight


@dataclass(frozen=True)
class Annotation:
    """A sentence and the stances somebody found in it; `labels` () means none of them.

    Attributes:
        fictional: whether the document's states, bodies and people are invented.
        extra: fields of the row that Demarche does not know; they ride along.
    """

    text: str
    labels: tuple[Stance, ...]
    id: str | None = None
    doc: str | None = None
    n: int | None = None
    stances: tuple[HeldStance, ...] = ()
    register: str | None = None
    year: int | None = None
    annotator: str | None = None
    hard: bool = False
    fictional: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def judges(self) -> bool:
        """Whether a model may be measured on it: nobody had a model's answer in sight of theirs.

        People tend to follow what they are shown, so that such labels flatter the model.
        """
        return not self.extra.get(SUGGESTED_BY)

    @property
    def group(self) -> str:
        """What stays on one side of a split: the document, or the sentence if it names none."""
        return self.doc or hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class RowFaults(Exception):
    """A row that is not an annotation; `faults` says everything that is wrong with it."""

    faults: tuple[Fault, ...]


def parse_annotation(row: object, *, file: str, line: int) -> Annotation:
    """Turn a parsed JSON row into an Annotation.

    Raises:
        RowFaults: with one Fault for everything wrong in the row.
    """
    if not isinstance(row, dict):
        raise row_faults([("row", "type", row, "one JSON object a line")], file=file, line=line)
    if problems := check_row(row):
        raise row_faults(problems, file=file, line=line)
    return _annotation(row)


def row_faults(problems: Iterable[Problem], *, file: str, line: int) -> RowFaults:
    """Give the problems of one row the place they are at."""
    return RowFaults(tuple(Fault(file, line, f, c, _shown(g), v) for f, c, g, v in problems))


def normalised_text(text: str) -> str:
    """Make texts equal that differ only in Unicode form, case and white space."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def hash_of(text: str) -> str:
    """Compute the sha256 of a normalised text: the same wherever the words stand."""
    return hashlib.sha256(normalised_text(text).encode()).hexdigest()


def item_of(text_hash: str, doc: str | None) -> str:
    """Compute what a sentence is known by: its words and, where one is named, its document.

    "We agree." in two documents is two sentences. One whose document is not named is known by its
    `hash_of` alone.
    """
    if doc is None:
        return text_hash
    return hashlib.sha256(f"{text_hash} {doc}".encode("utf-8", "surrogatepass")).hexdigest()


def _annotation(row: Mapping[str, Any]) -> Annotation:
    held = tuple(
        HeldStance(Stance(s["label"]), s["holder"], s["target"], s["voice"])
        for s in row.get("stances", ())
    )
    labels = tuple(stance for stance in STANCES if stance in row["labels"])
    known = {name: value for name, value in row.items() if name in FIELDS}
    extra = {name: value for name, value in row.items() if name not in FIELDS}
    return Annotation(**{**known, "labels": labels, "stances": held}, extra=extra)


def _shown(value: object) -> str:
    shown = "nothing" if value is None else repr(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."
