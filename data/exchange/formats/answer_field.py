"""Which of several fields, controls or questions of a file holds people's answers."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from data.exchange.formats.answers import is_empty, names_stances
from data.exchange.formats.options import ReadOptions
from model.errors import Fault, InvalidData

USUAL = ("labels", "label", "stance", "stances", "choice")


def pick_field(
    seen: Mapping[str, Sequence[object]], options: ReadOptions, path: Path, *, what: str
) -> str | None:
    """The one that was named, or the only one there is; None if there is none at all.

    Of several it is `labels`, if no other could hold an answer too: answers of people are not
    guessed. `what` says what they are, such as "question".

    Raises:
        InvalidData: it could be several, or the one that was named is not there.
    """
    if options.labels:
        if seen and options.labels not in seen:
            found = f"the {what}s {_shown(seen)}"
            valid = f"one of them: LABELS={options.labels!r} is not among them"
            raise InvalidData([Fault(str(path), 1, "labels", "missing", found, valid)])
        return options.labels
    if len(seen) < 2:
        return next(iter(seen), None)
    rivals = [name for name in seen if could_answer(name, seen[name], options)]
    if rivals == [USUAL[0]]:
        return USUAL[0]
    raise several(seen, path, what=what)


def could_answer(name: str, values: Sequence[object], options: ReadOptions) -> bool:
    """Whether a field has a usual name of answers, or a value that can be read as one."""
    return name in USUAL or any(_is_answer(each, options) for each in values)


def several(seen: Mapping[str, object], path: Path, *, what: str = "field") -> InvalidData:
    """What to raise where the answer could be in any of several places."""
    found = f"the {what}s {_shown(seen)}"
    valid = f"say which {what} holds people's answers: LABELS=name"
    return InvalidData([Fault(str(path), 1, "labels", "missing", found, valid)])


def _is_answer(value: object, options: ReadOptions) -> bool:
    listed = isinstance(value, Mapping) and "choices" in value
    return listed or (not is_empty(value) and names_stances(value, options))


def _shown(seen: Mapping[str, object]) -> str:
    return ", ".join(map(repr, sorted(map(str, seen)))) or "none"
