"""One annotated sentence, and the checks that turn a parsed JSON row into one."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from model.errors import Fault
from model.stance import STANCES, Stance

VOICES = ("own", "reported")
MAX_CHARACTERS = 2_000


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
    def group(self) -> str:
        """What must stay on one side of a split: the document, or the sentence if it has none."""
        return self.doc or hashlib.sha256(self.text.encode()).hexdigest()


# field -> (types allowed, what to say is valid)
_FIELDS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "text": ((str,), "a string"),
    "labels": ((list,), f"a list out of {list(STANCES)}; [] means none of them"),
    "id": ((str,), "a string"),
    "doc": ((str,), "a string: the document's id"),
    "n": ((int,), "a number: the sentence's place in its document"),
    "stances": ((list,), "a list of {label, holder, target, voice}"),
    "register": ((str,), "a string such as wire-news"),
    "year": ((int,), "a year between 1900 and 2100"),
    "annotator": ((str,), "a string"),
    "hard": ((bool,), "true or false"),
    "fictional": ((bool,), "true or false"),
}
_REQUIRED = ("text", "labels")
_STANCE_FIELDS = ("label", "holder", "target", "voice")


@dataclass(frozen=True)
class RowFaults(Exception):
    """A row that is no annotation; `faults` says everything that is wrong with it."""

    faults: tuple[Fault, ...]


def parse_annotation(row: object, *, file: str, line: int) -> Annotation:
    """Turn a parsed JSON row into an Annotation.

    Raises:
        RowFaults: with one Fault for everything wrong in the row.
    """
    faults: list[Fault] = []

    def report(name: str, code: str, got: object, valid: str) -> None:
        faults.append(Fault(file, line, name, code, _shown(got), valid))

    if not isinstance(row, dict):
        report("row", "type", row, "one JSON object a line")
        raise RowFaults(tuple(faults))
    _check_fields(row, report)
    if not faults:
        _check_text(row["text"], report)
        _check_labels(row["labels"], report)
        _check_stances(row, report)
    if "year" in row and not faults and not 1900 <= row["year"] <= 2100:
        report("year", "range", row["year"], _FIELDS["year"][1])
    if faults:
        raise RowFaults(tuple(faults))
    return _annotation(row)


Report = Callable[[str, str, object, str], None]


def _check_fields(row: Mapping[str, Any], report: Report) -> None:
    for name in _REQUIRED:
        if name not in row:
            report(name, "missing", None, _FIELDS[name][1])
    for name, value in row.items():
        if name in _FIELDS:
            types, valid = _FIELDS[name]
            # bool is an int to isinstance; a `true` year or place is a mistake all the same
            if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
                report(name, "type", value, valid)
        elif close := get_close_matches(name, _FIELDS, n=1, cutoff=0.75):
            report(name, "unknown_field", value, f"did you mean {close[0]!r}?")


def _check_text(text: str, report: Report) -> None:
    if not text.strip():
        report("text", "empty", text, "a sentence")
    elif len(text) > MAX_CHARACTERS:
        report("text", "too_long", f"{len(text)} characters", f"at most {MAX_CHARACTERS}")
    elif "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        report("text", "character", text, "text without NUL and lone surrogates")


def _check_labels(labels: list[Any], report: Report) -> None:
    for label in labels:
        if label not in STANCES:
            report("labels", "unknown_label", label, _suggestion(label))
    known = [label for label in labels if label in STANCES]
    if len(set(known)) < len(known):
        report("labels", "duplicate_label", labels, "each label once")


def _check_stances(row: Mapping[str, Any], report: Report) -> None:
    stances = row.get("stances", [])
    for stance in stances:
        if not isinstance(stance, dict) or set(stance) != set(_STANCE_FIELDS):
            report("stances", "fields", stance, f"exactly {list(_STANCE_FIELDS)}")
            return
        if stance["voice"] not in VOICES:
            report("stances.voice", "value", stance["voice"], f"one of {list(VOICES)}")
        if not _is_span(stance["holder"], row["text"]) and stance["holder"] != "author":
            report("stances.holder", "span", stance["holder"], 'a span of text, "author" or null')
        if not _is_span(stance["target"], row["text"]):
            report("stances.target", "span", stance["target"], "a span of text or null")
    named = {str(stance["label"]) for stance in stances}
    if "stances" in row and named != {str(label) for label in row["labels"]}:
        report("stances", "labels_differ", sorted(named), f"one each for {row['labels']}")


def _is_span(span: object, text: str) -> bool:
    return span is None or (isinstance(span, str) and span != "" and span in text)


def _annotation(row: Mapping[str, Any]) -> Annotation:
    held = tuple(
        HeldStance(Stance(s["label"]), s["holder"], s["target"], s["voice"])
        for s in row.get("stances", ())
    )
    labels = tuple(stance for stance in STANCES if stance in row["labels"])
    known = {name: value for name, value in row.items() if name in _FIELDS}
    extra = {name: value for name, value in row.items() if name not in _FIELDS}
    return Annotation(**{**known, "labels": labels, "stances": held}, extra=extra)


def _suggestion(got: object) -> str:
    close = get_close_matches(str(got).lower(), [str(stance) for stance in STANCES], n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return f"{hint}valid: {', '.join(STANCES)}"


def _shown(value: object) -> str:
    shown = "nothing" if value is None else repr(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."
