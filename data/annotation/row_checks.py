"""What a parsed JSON row must be like to become an annotation; every check reports, none raises."""

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from model.stance import STANCES

VOICES = ("own", "reported")
MAX_CHARACTERS = 2_000
_ENOUGH_WORDS = 9
_FUNCTION_WORDS = frozenset(
    (
        "the of and to in a an is was are were be been has have had that this these those it its "
        "he she they we you i his her their our for on by with at from as not no or but which who "
        "will would should must can may if there all any one when what"
    ).split()
)
# field -> (types allowed, what to say is valid)
FIELDS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "text": ((str,), "a string"),
    "labels": ((list,), f"a list out of {[str(stance) for stance in STANCES]}; [] means none"),
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

# words of their own that resemble a field, as data sets of others have them
OTHER_WORDS = frozenset(
    "annotation annotations cat cats docs fiction ids idx selected sources sure test txt".split()
)

Problem = tuple[str, str, object, str]  # field, code, what was found, what is valid
Report = Callable[[str, str, object, str], None]


def check_row(row: Mapping[str, Any], *, filled: Iterable[str] = ()) -> list[Problem]:
    """Everything that is wrong with a row; what fields hold is looked at once their types fit.

    `filled` are fields that the row did not have itself.
    """
    problems: list[Problem] = []

    def report(name: str, code: str, got: object, valid: str) -> None:
        problems.append((name, code, got, valid))

    _check_fields(row, report, {*row} - {*filled})
    if not problems:
        _check_text(row["text"], report, english=row.get("language") == "en")
        _check_labels(row["labels"], report)
        _check_stances(row, report)
        if "year" in row and not 1900 <= row["year"] <= 2100:
            report("year", "range", row["year"], FIELDS["year"][1])
    return problems


def resembled(name: str, fields: Iterable[str], own: Iterable[str], *, cutoff: float) -> str | None:
    """Which field a name is a misspelling of; none if the row has that field, too, of its `own`."""
    if name in OTHER_WORDS:
        return None
    close = get_close_matches(name, fields, n=1, cutoff=cutoff)
    return close[0] if close and close[0] not in own else None


def did_you_mean(name: str, meant: str) -> str:
    """What to say of a name that looks like a misspelling."""
    return f"did you mean {meant!r}? if it is a field of its own, rename it, or say KEEP={name}"


def _check_fields(row: Mapping[str, Any], report: Report, own: Iterable[str]) -> None:
    for name in _REQUIRED:
        if name not in row:
            report(name, "missing", None, FIELDS[name][1])
    for name, value in row.items():
        if name in FIELDS:
            types, valid = FIELDS[name]
            # bool is an int to isinstance; a `true` year or place is a mistake all the same
            if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
                report(name, "type", value, valid)
        elif meant := resembled(name, FIELDS, own, cutoff=0.75):
            report(name, "unknown_field", value, did_you_mean(name, meant))


def _check_text(text: str, report: Report, *, english: bool) -> None:
    if not text.strip():
        report("text", "empty", text, "a sentence")
    elif len(text) > MAX_CHARACTERS:
        report("text", "too_long", f"{len(text)} characters", f"at most {MAX_CHARACTERS}")
    elif "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        report("text", "character", text, "text without NUL and lone surrogates")
    elif not english and looks_foreign(text):
        valid = 'an English sentence; if it is one, say "language": "en" in the row, or ENGLISH=1'
        report("text", "language", text, valid)


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


def looks_foreign(text: str) -> bool:
    """Whether a sentence of nine words or more has none of the commonest English words.

    Of 36,031 real English sentences and the whole corpus, none is called foreign.
    """
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return len(words) >= _ENOUGH_WORDS and _FUNCTION_WORDS.isdisjoint(words)


def _is_span(span: object, text: str) -> bool:
    return span is None or (isinstance(span, str) and span != "" and span in text)


def _suggestion(got: object) -> str:
    close = get_close_matches(str(got).lower(), [str(stance) for stance in STANCES], n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return f"{hint}valid: {', '.join(STANCES)}"
