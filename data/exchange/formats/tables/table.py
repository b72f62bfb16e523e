"""A judgement as named cells: what CSV, spreadsheets and data sets have in common.

Labels stand in one column (`labels`: names joined by "|", "none", or a list) or in one column a
label (1 or 0). An empty cell is no answer, so it is a fault: "none" and 0 are what says no. In
Label Studio's own tables an annotation with an empty cell chose nothing, which is "none", unless
another column may be of a control that it did answer.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from data.annotation.row_checks import Problem
from data.exchange.formats.fields.answers import (
    Answer,
    answer_of,
    beside,
    is_empty,
    one_per_label,
    yes_or_no,
)
from data.exchange.formats.fields.options import NONE, ReadOptions, folded
from data.exchange.formats.fields.rows import Row, given, person_of, place_of, row_of, without
from data.exchange.formats.label_studio.choice_field import TOOL_FIELDS, Choices
from data.exchange.formats.tables.layout import Layout
from data.judgements.judgement_row import JUDGING
from data.judgements.rows_to_events import SourceRow

COLUMNS = ("text", "labels", "act", "annotator", "at", "doc", "n")
REST = "extra"  # a JSON object of everything that has no column
_OWN = ("act", "source", "selected_by", "suggested_by", "stances")


def row_from(
    line: int,
    cells: Mapping[str, Any],
    layout: Layout,
    options: ReadOptions,
    *,
    unkept: tuple[str, ...] = (),
) -> SourceRow:
    """A row from its cells; empty ones are as if they were not there."""
    full = {name: _plain(cell) for name, cell in cells.items() if not is_empty(cell)}
    rest = _rest(full.get(REST))
    if rest is None:
        return SourceRow(line, problem=(REST, "json", full[REST], "a JSON object"))
    if layout.tool and "annotation_id" not in full:
        return SourceRow(line, answered=False)
    fields, problem = _fields(full, layout, options)
    answer = Answer(problem=problem) if problem else _answer(full, cells, layout, options)
    if fields.get("act", "label") not in JUDGING:
        answer = Answer(problem=problem)
    return row_of(line, {**rest, **fields}, answer, unkept=unkept)


def cells_of(row: Row) -> dict[str, Any]:
    """The cells of a canonical row: one a column, and the rest as JSON."""
    rest = json.dumps(without(row, *COLUMNS), ensure_ascii=False)
    cells = given(**{name: row.get(name) for name in COLUMNS})
    return cells | ({REST: rest} if rest != "{}" else {})


def joined(labels: object) -> str | None:
    """Labels as one cell of text."""
    return None if not isinstance(labels, list) else "|".join(labels) or NONE


def _fields(
    full: Row, layout: Layout, options: ReadOptions
) -> tuple[dict[str, Any], Problem | None]:
    """Everything but the answer."""
    if layout.text not in full:
        return {}, ("text", "missing", None, f"the sentence in column {layout.text!r}")
    at = next((full[each] for each in ("at", "updated_at", "created_at") if each in full), None)
    person = person_of(full.get("annotator"))
    # in Label Studio's tables these are of the task's data and mean nothing here, and id is its own
    own, kept = (("id",), ()) if layout.tool else (_OWN, _OWN)
    taken = (*TOOL_FIELDS, *own, *layout.columns, layout.text, "at", REST)
    strict = not (layout.tool or options.labels)
    return {
        **place_of(full, options, taken=taken, strict=strict),
        **{name: full[name] for name in kept if name in full and name not in layout.columns},
        **given(text=_text(full[layout.text]), at=at, annotator=person),
        **({"act": "skip"} if yes_or_no(full.get("was_cancelled")) else {}),
        **({"act": "adjudicate"} if yes_or_no(full.get("ground_truth")) else {}),
    }, None


def _answer(full: Row, cells: Row, layout: Layout, options: ReadOptions) -> Answer:
    if len(layout.columns) > 1:
        return one_per_label({folded(name): cells.get(name) for name in layout.columns})
    (column,) = layout.columns
    if column not in full and layout.tool and "" not in options.names:
        others = Choices(column, options, frozenset(layout.of_task)).elsewhere(full)
        return beside(others, column) if others else answer_of([], options)
    value = full.get(column)
    return answer_of(_named(value, layout.classes), options)


def _named(value: object, classes: tuple[str, ...]) -> object:
    """Numbers of classes as their names; as many 1 and 0 as classes are left as they are."""
    listed = value if isinstance(value, list) else [value]
    numbers = [each for each in listed if type(each) is int and 0 <= each < len(classes)]
    if not classes or not listed or len(numbers) < len(listed):
        return value
    if len(numbers) == len(classes) > 2 and set(numbers) <= {0, 1}:  # of two, [0, 1] may be both
        return [name for name, each in zip(classes, numbers, strict=True) if each] or NONE
    return [classes[each] for each in numbers]


def _text(value: object) -> object:
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _plain(value: object) -> object:
    """A cell as JSON could hold it; dates as ISO 8601."""
    if isinstance(value, date):
        return value.isoformat()
    return value.tolist() if hasattr(value, "tolist") else value


def _rest(text: object) -> dict[str, Any] | None:
    if text is None:
        return {}
    try:
        rest = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return None
    return rest if isinstance(rest, dict) else None
