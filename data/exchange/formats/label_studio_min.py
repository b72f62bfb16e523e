"""Label Studio's JSON_MIN: one annotation an element, its choices under a name of the project's.

One choice is a string, two are {"choices": [...]}, none is no field at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from data.exchange.formats.answers import (
    OURS,
    Row,
    given,
    named_stances,
    names_stances,
    place_of,
    read_array,
    without,
    write_array,
)
from data.judgements.rows_to_events import SourceRow
from model.errors import Fault, InvalidData

_TOOLS = ("annotation_id", "annotator", "created_at", "updated_at", "lead_time", "was_cancelled")
_CONTEXT = ("text", "doc", "n", "id", "register", "year", "ground_truth", OURS)


def read(path: Path) -> Iterator[SourceRow]:
    """Yield every annotation.

    Raises:
        InvalidData: no field, or several, could hold the choices.
    """
    elements = read_array(path)
    name = _choice_field([each for each in elements if isinstance(each, dict)], path)
    for number, element in enumerate(elements, 1):
        if isinstance(element, dict):
            yield SourceRow(number, _fields(element, name))
        else:
            yield SourceRow(number, problem=("row", "type", element, "an object with text"))


def write(rows: Iterable[Row], path: Path) -> None:
    """Write one element a judgement."""
    write_array((_element(number, row) for number, row in enumerate(rows, 1)), path)


def _choice_field(elements: Sequence[Mapping[str, Any]], path: Path) -> str:
    """The one field whose values are choices; unnamed answers must not become "none"."""
    open_fields: dict[str, list[object]] = {}
    for element in elements:
        for name, value in element.items():
            if name not in (*_TOOLS, *_CONTEXT):
                open_fields.setdefault(name, []).append(value)
    if "labels" in open_fields or not open_fields:
        return "labels"
    found = [
        name
        for name, values in open_fields.items()
        if any(_is_choice(each) for each in values if each is not None)
    ]
    if len(found) == 1:
        return found[0]
    got = f"the fields {sorted(found or open_fields)}"
    fault = Fault(str(path), 1, "labels", "missing", got, "the choices in a field named labels")
    raise InvalidData([fault])


def _is_choice(value: object) -> bool:
    return (isinstance(value, dict) and "choices" in value) or names_stances(value)


def _fields(element: Mapping[str, Any], name: str) -> dict[str, Any]:
    own, annotator = element.get(OURS, {}), element.get("annotator")
    fields = {"text": element.get("text"), **place_of(element)}
    fields |= given(
        annotator=None if annotator is None else str(annotator),
        at=element.get("updated_at") or element.get("created_at"),
    )
    fields |= own if isinstance(own, dict) else {}
    if element.get("was_cancelled"):
        return {**fields, "act": "skip"}
    if element.get("ground_truth"):
        fields["act"] = "adjudicate"
    choices = element.get(name, [])
    choices = choices.get("choices") if isinstance(choices, dict) else choices
    return {**fields, "labels": named_stances(choices)}


def _element(number: int, row: Row) -> Row:
    act, labels = row.get("act", "label"), row.get("labels", [])
    return {
        "id": number,
        **given(text=row["text"], doc=row.get("doc"), n=row.get("n")),
        "labels": labels[0] if len(labels) == 1 else {"choices": labels},
        "annotator": row["annotator"],
        "annotation_id": number,
        "created_at": row["at"],
        "updated_at": row["at"],
        "was_cancelled": act == "skip",
        "ground_truth": act == "adjudicate",
        OURS: without(row, "text", "doc", "n", "labels", "act", "annotator", "at"),
    }
