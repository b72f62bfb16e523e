"""The canonical form: one judgement a line, or an element, in the fields of an event.

Names of labels may be in any case, "none" may stand for [], and one label for a list of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from data.exchange.formats.answer_field import USUAL
from data.exchange.formats.answers import Answer, answer_of, one_per_label, yes_or_no
from data.exchange.formats.content import read_values
from data.exchange.formats.options import ReadOptions, folded
from data.exchange.formats.rows import (
    RIDING,
    Row,
    person_of,
    row_of,
    text_of,
    without,
    write_lines,
)
from data.judgements.judgement_row import JUDGING
from data.judgements.rows_to_events import SourceRow
from model.stance import STANCES

_NAMES = ("annotator", "doc", "id")  # strings that other programs write as numbers


def read(path: Path, options: ReadOptions) -> Iterator[SourceRow]:
    """Yield the rows as they are, but for their answer and what was said about the file."""
    for number, value, problem in read_values(path, options):
        if problem or not isinstance(value, dict):
            yield SourceRow(number, value, problem)
        else:
            yield _row(number, value, options)


def write(rows: Iterable[Row], path: Path) -> None:
    """Write the rows as they are."""
    write_lines(rows, path)


def _row(number: int, row: Mapping[str, Any], options: ReadOptions) -> SourceRow:
    text = text_of(row, options)
    if isinstance(text, tuple):
        return SourceRow(number, problem=text)
    name = options.labels or "labels"
    moved = {
        own: row[own]
        for own, wanted in (("text", options.text or "text"), ("labels", name))
        if own in row and own != wanted
    }
    fields = {k: person_of(v) if k in _NAMES and _is_number(v) else v for k, v in row.items()}
    fields = without(fields, options.text or "text", *moved) | ({RIDING: moved} if moved else {})
    if options.doc and options.doc in row:
        fields["doc"] = person_of(row[options.doc])
    if row.get("act", "label") not in JUDGING:
        return SourceRow(number, {**fields, **text})
    answer, taken = _answer(row, name, options)
    return row_of(number, {**without(fields, *taken), **text}, answer)


def _answer(row: Row, name: str, options: ReadOptions) -> tuple[Answer, tuple[str, ...]]:
    """The answer and the fields that it is made of."""
    each = [key for key in row if folded(key) in STANCES and yes_or_no(row[key]) is not None]
    rivals = [key for key in (*USUAL[1:], *each) if key in row and key not in ("stances", name)]
    if name in row and (options.labels or not rivals):
        return answer_of(row[name], options), (name,)
    if name in row or len(each) < len(rivals):
        found = [key for key in (name, *rivals) if key in row]
        valid = "one field that holds the answer: LABELS=name says which"
        return Answer(
            problem=("labels", "duplicate" if name in row else "missing", found, valid)
        ), ()
    if len(each) == len(STANCES):
        return one_per_label({folded(key): row[key] for key in (*each, *_none(row))}), (
            *each,
            "none",
        )
    valid = 'a list of labels in "labels", or say which field: LABELS=name'
    return Answer(problem=("labels", "missing", f"the fields {sorted(row)}", valid)), ()


def _none(row: Row) -> list[str]:
    return [key for key in row if folded(key) == "none"]


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
