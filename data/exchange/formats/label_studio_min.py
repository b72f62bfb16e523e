"""Label Studio's JSON_MIN: one annotation an element, its choices under a name of the project's.

One choice is a string, two are {"choices": [...]}, none is no field at all. The task's own fields
stand beside them, so that a model's label can look like an answer: where several fields could be
one, the person says which.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from data.exchange.formats.answer_field import USUAL, could_answer, pick_field, several
from data.exchange.formats.answers import Answer, answer_of
from data.exchange.formats.carried import Returned, carried_rows, owners
from data.exchange.formats.content import read_values
from data.exchange.formats.options import ReadOptions
from data.exchange.formats.rows import (
    OURS,
    Row,
    given,
    person_of,
    place_of,
    row_of,
    text_of,
    without,
    write_array,
)
from data.judgements.rows_to_events import SourceRow

TOOL_FIELDS = (
    "annotation_id",
    "annotator",
    "created_at",
    "updated_at",
    "lead_time",
    "was_cancelled",
    "ground_truth",
    "history",
)
_PLACE = ("doc", "n", "id", "register", "year", "hard", "fictional", OURS)


def read(path: Path, options: ReadOptions) -> Iterator[SourceRow]:
    """Yield every annotation.

    Raises:
        InvalidData: no field, or several, could hold the choices.
    """
    lines = list(read_values(path, options))
    elements = [value for _, value, _ in lines if isinstance(value, dict)]
    name = choice_field(elements, options, path)
    was = _owners(elements, name, options)
    for number, element, problem in lines:
        if isinstance(element, dict):
            yield _row(number, element, name, options, was.get(id(element)))
        else:
            wrong = problem or ("row", "type", element, "an object with text")
            yield SourceRow(number, problem=wrong)


def write(rows: Iterable[Row], path: Path) -> None:
    """Write one element a judgement."""
    write_array((_element(number, row) for number, row in enumerate(rows, 1)), path)


def choice_field(elements: Sequence[Row], options: ReadOptions, path: Path) -> str:
    """The one field that can hold the choices: a model's label must not become an answer.

    Raises:
        InvalidData: there is none, or there are several.
    """
    own = (*TOOL_FIELDS, *_PLACE, options.text or "text", options.doc)
    found: dict[str, list[object]] = {}
    for element in elements:
        for name, value in element.items():
            if name not in own or name == options.labels:
                found.setdefault(name, []).append(value)
    if options.labels and not found:
        raise several({"none": None}, path)
    if options.labels or not found:
        return pick_field(found, options, path, what="field") or USUAL[0]
    could = {name: values for name, values in found.items() if could_answer(name, values, options)}
    name = next(iter(could), "")
    certain = name in USUAL or any(map(_has_choices, could.get(name, ())))
    if len(could) == 1 and certain:
        return name
    raise several(could or found, path)


def _has_choices(value: object) -> bool:
    return isinstance(value, Mapping) and "choices" in value


def _row(
    number: int, element: Row, name: str, options: ReadOptions, carried: Row | None
) -> SourceRow:
    text = text_of(element, options)
    if isinstance(text, tuple):
        return SourceRow(number, problem=text)
    task = () if isinstance(element.get("id"), str) else ("id",)  # a number is Label Studio's own
    taken = (*TOOL_FIELDS, *task, "text", options.text or "text", name)
    own = element.get(OURS)
    fields = {**place_of(element, options, taken=taken), **text}
    if carried is not None:
        return SourceRow(number, {**fields, **without(carried, "key")})
    at = element.get("updated_at") or element.get("created_at")
    fields |= given(annotator=person_of(element.get("annotator")), at=at)
    fields |= own if isinstance(own, dict) else {}
    fields |= {"act": "adjudicate"} if element.get("ground_truth") else {}
    return row_of(number, fields, _answer(element, name, options))


def _answer(element: Row, name: str, options: ReadOptions) -> Answer:
    if element.get("was_cancelled"):
        return Answer(skipped=True)
    if "annotation_id" in element and element["annotation_id"] is None:
        return Answer(answered=False)  # how a task without annotations is written
    if name in element:
        return answer_of(element[name], options)
    if element.get("annotation_id") is None and element.get("annotator") is None:
        valid = f"an answer in {name!r}; only an annotation of somebody without one means none"
        return Answer(problem=("labels", "missing", sorted(map(str, element)), valid))
    return answer_of([], options)


def _owners(elements: Sequence[Row], name: str, options: ReadOptions) -> dict[int, Row | None]:
    """By Python's id of the element: whose answer it was when we exported it."""
    tasks: dict[object, list[Row]] = {}
    for element in elements:
        if carried_rows(element.get(OURS)):
            tasks.setdefault(str(element.get("id")), []).append(element)
    was: dict[int, Row | None] = {}
    for listed in tasks.values():
        listed.sort(key=lambda each: int(each.get("annotation_id") or 0))  # imported ones first
        returned = [_returned(each, name, options) for each in listed]
        found = owners(returned, carried_rows(listed[0][OURS]))
        was |= {id(each): row for each, row in zip(listed, found, strict=True)}
    return was


def _returned(element: Row, name: str, options: ReadOptions) -> Returned:
    answer = _answer(element, name, options)
    # Label Studio's own JSON_MIN leaves ground_truth out
    decides = element.get("ground_truth")
    judged = None if decides is None else "adjudicate" if decides else "label"
    act = "skip" if answer.skipped else judged
    return Returned(answer, act, person_of(element.get("annotator")))


def _element(number: int, row: Row) -> dict[str, Any]:
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
