"""Which columns of a table hold the sentence and the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from data.exchange.formats.fields.answer_field import USUAL, could_answer, several
from data.exchange.formats.fields.answers import yes_or_no
from data.exchange.formats.fields.options import NONE, ReadOptions, folded
from data.exchange.formats.fields.rows import OURS
from data.exchange.formats.label_studio.choice_field import task_fields
from model.errors import Fault, InvalidData
from model.stance import STANCES

_NOT_ANSWERS = ("act", "annotator", "at", "doc", "n", "id", "register", "year", "source", "extra")
Rows = Sequence[Mapping[str, object]]
_JSON = "export as JSON, which keeps them apart"


@dataclass(frozen=True)
class Layout:
    """Where things stand.

    Attributes:
        columns: the column of labels, or one a label (and one of "none").
        tool: whether it is Label Studio's own table, one annotation a row.
        classes: the names behind the numbers in the column of labels.
        of_task: in the tool's table, the columns that are filled where nobody answered.
    """

    text: str
    columns: tuple[str, ...]
    tool: bool = False
    classes: tuple[str, ...] = ()
    of_task: frozenset[str] = frozenset()


def layout_of(
    names: Sequence[str],
    rows: Rows,
    options: ReadOptions,
    path: Path,
    classes: Mapping[str, Sequence[str]] | None = None,
) -> Layout:
    """Find the columns of the sentence and the answer.

    Raises:
        InvalidData: a column is missing, stands twice, or several could hold the answer.
    """
    twice = sorted({name for name in names if names.count(name) > 1 and name})
    if twice:
        raise _refusal(path, twice[0], "duplicate", f"the columns {list(names)}", "each name once")
    if OURS in names:
        raise _refusal(path, OURS, "unexpected", f"a column {OURS!r}", f"our export: {_JSON}")
    tool = "annotation_id" in names
    text = _text_column(names, options, path)
    columns = _answer_columns(names, rows, options, path, tool=tool)
    if f"_data_{columns[0]}" in names:
        found = f"the columns {columns[0]!r} and '_data_{columns[0]}'"
        raise _refusal(path, columns[0], "duplicate", found, _JSON)
    named = (classes or {}).get(columns[0], options.classes if not classes else ())
    return Layout(text, columns, tool, tuple(named), task_fields(rows) if tool else frozenset())


def _text_column(names: Sequence[str], options: ReadOptions, path: Path) -> str:
    doccano = "data" in names and "label" in names and "text" not in names
    wanted = options.text or ("data" if doccano else "text")
    if wanted in names:
        return wanted
    valid = "the sentence; say which column holds it: TEXT=name"
    if options.text:
        found = f"the columns {list(names)}"
        raise _refusal(path, wanted, "missing", found, _meant(wanted, names) + valid)
    raise _missing(path, wanted, names, valid)


def _answer_columns(
    names: Sequence[str],
    rows: Rows,
    options: ReadOptions,
    path: Path,
    *,
    tool: bool,
) -> tuple[str, ...]:
    each = tuple(name for name in names if folded(name) in STANCES)
    each = each if len(each) == len(STANCES) else ()
    each += tuple(name for name in names if each and folded(name) == NONE)
    if options.labels:
        wanted = tuple(map(str.strip, options.labels.split(",")))
        if not set(wanted) <= set(names) or not (len(wanted) == 1 or set(wanted) <= set(each)):
            valid = _meant(options.labels, names) + "a column: LABELS=name"
            raise _refusal(path, options.labels, "missing", f"the columns {list(names)}", valid)
        return wanted
    usual = [name for name in names if name in USUAL]
    beside = each or (() if tool else _yes_or_no_columns(names, rows))
    found = [*((name,) for name in usual), *([beside] if beside and (each or usual) else [])]
    if tool or not (each or usual == [USUAL[0]]):
        found += [(name,) for name in _rivals(names, rows, options)]
    if len(found) > 1:
        raise several(dict.fromkeys(name for names in found for name in names), path, what="column")
    if each or usual:
        return found[0]
    raise _no_labels(names, path)


def _rivals(names: Sequence[str], rows: Rows, options: ReadOptions) -> list[str]:
    """Columns without a usual name that could be the answer all the same."""
    skipped = (*_NOT_ANSWERS, *USUAL, options.text or "text", options.doc, *STANCES, NONE)
    return [
        name
        for name in names
        if name not in skipped and not name.startswith("_data_")
        if could_answer(name, [row.get(name) for row in rows if _is_word(row.get(name))], options)
    ]


def _is_word(value: object) -> bool:
    return not isinstance(value, (int, float))


def _yes_or_no_columns(
    names: Sequence[str], rows: Sequence[Mapping[str, object]]
) -> tuple[str, ...]:
    """Columns of one label each; one that holds something else is of something else."""
    labels = [name for name in names if folded(name) in STANCES]
    return tuple(n for n in labels if any(yes_or_no(row.get(n)) is not None for row in rows))


def _no_labels(names: Sequence[str], path: Path) -> InvalidData:
    faults: list[Fault] = []
    present = [folded(name) for name in names]
    wanted = [str(each) for each in STANCES if each not in present]
    for name in wanted if len(wanted) < len(STANCES) else ["labels"]:
        valid = f"a column of labels: say which, LABELS=name; or 1 or 0 in {', '.join(STANCES)}"
        faults += _missing(path, name, names, valid).faults
    return InvalidData(faults)


def _meant(said: str, names: Sequence[str]) -> str:
    """A hint at the column that somebody meant who named another."""
    close = get_close_matches(said, names, n=1)
    return f"did you mean {close[0]!r}? " if close else ""


def _missing(path: Path, name: str, names: Sequence[str], valid: str) -> InvalidData:
    close = get_close_matches(name, names, n=1)
    hint = f"did you mean {name!r} by {close[0]!r}? " if close else ""
    return _refusal(path, name, "missing", f"the columns {list(names)}", hint + valid)


def _refusal(path: Path, name: str, code: str, found: str, valid: str) -> InvalidData:
    return InvalidData([Fault(str(path), 1, name, code, found, valid)])
