"""A judgement as named cells: what CSV and data set folders have in common.

Labels stand in one column (`labels`: names joined by "|", "none", or a list) or in one column a
label (1 or 0). An empty cell is no answer, so it is a fault: "none" and 0 are what says no.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from data.annotation.row_checks import Problem
from data.exchange.formats.answers import NONE, Row, given, named_stances, without
from data.judgements.event_checks import JUDGING
from data.judgements.rows_to_events import SourceRow
from model.errors import Fault, InvalidData
from model.stance import STANCES

COLUMNS = ("text", "labels", "act", "annotator", "at", "doc", "n")
REST = "extra"  # a JSON object of everything that has no column
LABEL_COLUMNS = ("labels", "label", "stance", "stances", "choice")
_NAMES = dict.fromkeys(LABEL_COLUMNS, "labels") | {"updated_at": "at", "created_at": "at"}
_YES, _NO = ("1", "1.0", "true", "yes"), ("0", "0.0", "false", "no")
_SPLIT = ("|", ";", ",")


def check_columns(columns: Sequence[str], path: Path) -> None:
    """Refuse a table that cannot hold judgements.

    Raises:
        InvalidData: there is no text column, no label column, or only some of one a label.
    """
    names = [_NAMES.get(name, name) for name in columns]
    wanted = ["text"] if "labels" in names else ["text", *map(str, STANCES)]
    missing = [name for name in wanted if name not in names]
    if not missing:
        return
    faults = []
    for name in missing:
        close = get_close_matches(name, columns, n=1)
        hint = f"did you mean {name!r} by {close[0]!r}? " if close else ""
        valid = f"{hint}columns text and labels, or text and {', '.join(STANCES)}"
        faults.append(Fault(str(path), 1, name, "missing", f"the columns {list(columns)}", valid))
    raise InvalidData(faults)


def row_from(line: int, cells: Mapping[str, Any]) -> SourceRow:
    """A row from its cells; empty ones are as if they were not there."""
    full = {k: v for k, v in cells.items() if v is not None and v != ""}
    fields = {name: full[name] for name in full if name not in (*STANCES, REST)}
    for alias, name in _NAMES.items():
        if alias in fields and alias != name:
            fields.setdefault(name, fields.pop(alias))
    problem = None
    if fields.get("act", "label") in JUDGING:
        fields["labels"], problem = _labels(fields.get("labels"), cells)
    rest = _rest(full.get(REST))
    if rest is None:
        problem = (REST, "json", full[REST], "a JSON object")
    return SourceRow(line, {**(rest or {}), **fields}, problem)


def cells_of(row: Row) -> dict[str, Any]:
    """The cells of a canonical row: one a column, and the rest as JSON."""
    rest = json.dumps(without(row, *COLUMNS), ensure_ascii=False)
    cells = given(**{name: row.get(name) for name in COLUMNS})
    return cells | ({REST: rest} if rest != "{}" else {})


def _labels(value: object, cells: Mapping[str, Any]) -> tuple[object, Problem | None]:
    if isinstance(value, str):
        return _split(value), None
    if value is not None:
        return named_stances(list(value)) if isinstance(value, (list, tuple)) else value, None
    if not set(LABEL_COLUMNS).isdisjoint(cells):
        return None, ("labels", "blank", None, f"labels, {NONE}, or act skip")
    found = []
    for stance in STANCES:
        cell = str(cells.get(stance, "")).strip().lower()
        if cell not in (*_YES, *_NO):
            return None, (stance, "value", cells.get(stance), "1 or 0")
        found += [str(stance)] if cell in _YES else []
    return found, None


def _split(value: str) -> object:
    if value.lstrip().startswith(("{", "[")):  # Label Studio's CSV
        try:
            parsed = json.loads(value)
        except ValueError:
            return [value]
        return named_stances(parsed.get("choices") if isinstance(parsed, dict) else parsed)
    separator = next((each for each in _SPLIT if each in value), "|")
    return named_stances(value.split(separator))


def _rest(text: object) -> dict[str, Any] | None:
    if text is None:
        return {}
    try:
        rest = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return None
    return rest if isinstance(rest, dict) else None


def joined(labels: Iterable[str] | None) -> str | None:
    """Labels as one cell of text."""
    return None if labels is None else "|".join(labels) or NONE
