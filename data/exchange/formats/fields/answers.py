"""What tools write for a set of stances, to the canonical list, a skip, or what is wrong."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from data.annotation.row_checks import Problem
from data.exchange.formats.fields.options import NONE, SKIP, UNANSWERED, ReadOptions, folded
from data.exchange.formats.fields.printed import SEPARATORS, class_numbers, printed
from model.stance import STANCES

_YES, _NO = ("1", "1.0", "true", "yes"), ("0", "0.0", "false", "no")
_UNSAID = ("nan", "<na>", "nat")  # what programs print for no answer; no label is called so
EMPTY = (
    f'labels or "{NONE}"; if an empty answer has a meaning here, say which: MAP="=none", '
    'MAP="=skip" or MAP="=unanswered"'
)


@dataclass(frozen=True)
class Answer:
    """What somebody answered about one sentence.

    Attributes:
        labels: the stances; [] is "none"; None with a skip, without an answer and with a problem.
    """

    labels: list[str] | None = None
    skipped: bool = False
    answered: bool = True
    problem: Problem | None = None


def answer_of(value: object, options: ReadOptions) -> Answer:
    """The answer that a tool's value stands for, whatever its form.

    A name, a list of names, {"choices": [...]}, 1 or 0 a label, numbers of classes, 1 or 0 a class.
    """
    if isinstance(value, str) and folded(value) and folded(value) in options.names:
        return _named([value], options)
    if is_empty(value) or _is_unsaid(value):
        return _empty(value, options)
    if isinstance(value, str):
        return _of_text(value.strip(), options)
    if isinstance(value, Mapping):
        return _of_object(value, options)
    if isinstance(value, (list, tuple)):
        return _of_list(list(value), options)
    return _of_list([value], options)


def is_empty(value: object) -> bool:
    """Whether nothing is there. No word means that: "NA" and "none" may be names."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, float) and math.isnan(value))


def names_stances(value: object, options: ReadOptions) -> bool:
    """Whether a value can be read as an answer."""
    return not (is_empty(value) or _is_unsaid(value)) and answer_of(value, options).problem is None


def beside(others: Sequence[str], where: str) -> Answer:
    """What to say of an annotation that answered elsewhere, and nothing where answers are."""
    found = f"{', '.join(others)}, nothing in {where!r}"
    return Answer(problem=("labels", "blank", found, EMPTY))


def yes_or_no(value: object) -> bool | None:
    """What a cell of one label says, or None."""
    said = str(value).strip().casefold()
    return True if said in _YES else False if said in _NO else None


def one_per_label(cells: Mapping[str, object]) -> Answer:
    """The answer of one yes or no a label; one of "none" beside them has to fit."""
    chosen: list[str] = []
    for stance in STANCES:
        said = yes_or_no(cells.get(stance))
        if said is None:
            return Answer(problem=(str(stance), "value", cells.get(stance), "1 or 0"))
        chosen += [str(stance)] if said else []
    if NONE not in cells:
        return Answer(chosen)
    none = yes_or_no(cells[NONE])
    if none is None or (none and chosen):
        valid = f"1 or 0, and 1 with no label only; labels here: {chosen}"
        return Answer(problem=(NONE, "contradiction", cells[NONE], valid))
    return Answer(chosen, answered=none or bool(chosen))


def _is_unsaid(value: object) -> bool:
    return isinstance(value, str) and folded(value) in _UNSAID


def _empty(value: object, options: ReadOptions) -> Answer:
    if "" in options.names:
        return _meant(list(options.names[""]))
    return Answer(problem=("labels", "blank", value, EMPTY))


def _of_object(value: Mapping[object, object], options: ReadOptions) -> Answer:
    if set(value) >= {"choices"}:
        listed = value["choices"]
        return answer_of(listed, options)
    cells = {_meaning(str(name), options): each for name, each in value.items()}
    if len(cells) == len(value) and set(STANCES) <= set(cells) <= {*STANCES, NONE}:
        return one_per_label(cells)
    valid = f"a list of labels, or 1 or 0 for each of {', '.join(STANCES)}"
    return Answer(problem=("labels", "type", value, valid))


def _meaning(name: str, options: ReadOptions) -> str:
    return "+".join(options.names.get(folded(name), (folded(name),)))


def _of_list(values: list[object], options: ReadOptions) -> Answer:
    numbers = [each for each in values if isinstance(each, (int, float))]
    if values and len(numbers) == len(values) and all(float(each).is_integer() for each in numbers):
        return _numbered(numbers, options)
    if not all(isinstance(each, str) for each in values):
        return Answer(problem=("labels", "type", values, "a list of names of labels"))
    return _named([str(each) for each in values], options)


def _numbered(values: Sequence[float], options: ReadOptions) -> Answer:
    """Numbers of classes; or, where there are as many as classes, 1 or 0 for each."""
    classes, numbers = options.classes, [float(each) for each in values]
    mapped = [str(int(each)) for each in numbers]
    if not classes and all(folded(each) in options.names for each in mapped):
        return _named(mapped, options)
    by_class = len(numbers) == len(classes) and set(numbers) <= {0.0, 1.0}
    if by_class and len(classes) > 2:
        chosen = [name for name, said in zip(classes, numbers, strict=True) if said]
        return _named(chosen, options)
    if classes and not by_class and all(each in range(len(classes)) for each in numbers):
        return _named([classes[int(each)] for each in numbers], options)
    valid = "names of labels, or say what the numbers are: CLASSES=agreement,criticism,demand"
    return Answer(problem=("labels", "unknown_label", list(values), valid))


def _named(names: Sequence[str], options: ReadOptions) -> Answer:
    meanings: list[str] = []
    for name in names:
        known = (*STANCES, NONE)
        means = options.names.get(folded(name), (folded(name),) if folded(name) in known else ())
        if not means:
            return Answer(problem=("labels", "unknown_label", name, _unknown(name)))
        meanings += means
    if len({folded(each) for each in names}) < len(names):
        return Answer(problem=("labels", "duplicate_label", list(names), "each label once"))
    return _meant(meanings)


def _meant(meanings: list[str]) -> Answer:
    distinct = list(dict.fromkeys(meanings))
    special = [each for each in distinct if each not in STANCES]
    if special and len(distinct) > 1:
        valid = f"{special[0]} alone, or labels"
        return Answer(problem=("labels", "contradiction", distinct, valid))
    if special and special != [NONE]:
        return Answer(skipped=special == [SKIP], answered=special != [UNANSWERED])
    return Answer([] if special else distinct)


def _of_text(text: str, options: ReadOptions) -> Answer:
    """One name, or several with a separator if every part is a known name, or a printed list."""
    if folded(text) in options.names:
        return _named([text], options)
    if text.startswith(("{", "[", "(")):
        listed = printed(text)
        return _named([text], options) if isinstance(listed, str) else answer_of(listed, options)
    if numbers := class_numbers(text, options):
        return _numbered(numbers, options)
    known = (*STANCES, NONE, *filter(None, options.names))
    for separator in SEPARATORS:
        parts = text.split(separator)
        if len(parts) > 1 and all(folded(part) in known for part in parts):
            return _named(parts, options)
    return _named([text], options)


def _unknown(name: str) -> str:
    close = get_close_matches(folded(name), [str(stance) for stance in STANCES], n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    valid = f"valid: {', '.join((*STANCES, NONE))}; if it is another name of one of them, say "
    return f'{hint}{valid}which: MAP="{name}=criticism"'
