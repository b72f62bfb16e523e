"""Which columns a table of rows has, and what each cell holds."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from model.stance import STANCES
from serve.archive.rows import DOCUMENT_COLUMNS, SCORES, SENTENCE_COLUMNS, encoded

_LISTS = ("labels", "uncertain")
_TEXTS = frozenset(("file", "text", "kind", "speaker", "language", "model"))
_SPANS = frozenset(("mark", "attribution"))


@dataclass(frozen=True)
class Column:
    """One column; `type` is text, int, float, bool, texts, span, spans or json."""

    name: str
    type: str


def columns_of(rows: str, carried: Mapping[str, Sequence[str]]) -> list[Column]:
    """List the columns of sentences or documents, then those that the records carry.

    A column whose values are of several kinds is text, each value as JSON.
    """
    names = SENTENCE_COLUMNS if rows == "sentences" else DOCUMENT_COLUMNS
    columns = list[Column]()
    for name in names:
        if name == "scores":
            columns += [Column(each, "float") for each in SCORES]
        elif name == "id":
            columns.append(Column("id", _type(carried.get("id", ["str"]))))
        else:
            columns.append(Column(name, _own_type(name, rows)))
    return columns + [Column(n, _type(kinds)) for n, kinds in carried.items() if n != "id"]


def merged(all_columns: Iterable[Mapping[str, Sequence[str]]]) -> dict[str, list[str]]:
    """Join what parts say of their columns, in the order of first appearance."""
    joined: dict[str, list[str]] = {}
    for columns in all_columns:
        for name, kinds in columns.items():
            known = joined.setdefault(name, [])
            known += [kind for kind in kinds if kind not in known]
    return joined


def values_of(line: bytes, columns: Sequence[Column]) -> list[Any]:
    """The values of a row in the order of columns; None where it has none."""
    row = json.loads(line)
    scores = row.pop("scores", {})
    row |= {name: scores.get(stance) for name, stance in zip(SCORES, STANCES, strict=True)}
    return [_value(row.get(column.name), column.type) for column in columns]


def _value(value: object, kind: str) -> object:
    if value is None:
        return None
    if kind == "json":
        return encoded(value)
    return float(value) if kind == "float" and isinstance(value, int) else value


def _type(kinds: Sequence[str]) -> str:
    found = {kind for kind in kinds if kind != "null"}
    if found <= {"str"}:
        return "text"
    if found == {"int"} or found == {"bool"}:
        return found.pop()
    return "float" if found <= {"int", "float"} else "json"


def _own_type(name: str, rows: str) -> str:
    if name in _TEXTS:
        return "text"
    if name in _SPANS:
        return "span"
    if name == "parts":
        return "spans"
    return "texts" if name in _LISTS and rows == "sentences" else "int"
