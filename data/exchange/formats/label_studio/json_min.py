"""Label Studio's JSON_MIN: one annotation an element, its choices under a name of the project's.

One choice is a string, two are {"choices": [...]}, none is no field at all. The task's own fields
stand beside them, so that a model's label can look like an answer: where several fields could be
one, the person says which. They also look like answers to other controls: who has only such a field
may have chosen nothing, or not come to it, and the person says which.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from data.exchange.formats.fields.answers import Answer, answer_of, beside
from data.exchange.formats.fields.content import read_values
from data.exchange.formats.fields.options import ReadOptions
from data.exchange.formats.fields.round_trip import Returned, carried_rows, owners, unmarked
from data.exchange.formats.fields.rows import (
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
from data.exchange.formats.label_studio.choice_field import (
    TOOL_FIELDS,
    Choices,
    choice_field,
    is_undone,
    task_fields,
)
from data.judgements.rows_to_events import SourceRow


def read(path: Path, options: ReadOptions) -> Iterator[SourceRow]:
    """Yield every annotation.

    Raises:
        InvalidData: no field, or several, could hold the choices.
    """
    lines = list(read_values(path, options))
    elements = [value for _, value, _ in lines if isinstance(value, dict)]
    name = choice_field(elements, options, path)
    choices = Choices(name, options, task_fields(elements))
    was = _owners(elements, choices)
    for number, element, problem in lines:
        if isinstance(element, dict):
            yield _row(number, element, choices, was.get(id(element)))
        else:
            wrong = problem or ("row", "type", element, "an object with text")
            yield SourceRow(number, problem=wrong)


def write(rows: Iterable[Row], path: Path) -> None:
    """Write one element a judgement."""
    write_array((_element(number, row) for number, row in enumerate(rows, 1)), path)


def _row(number: int, element: Row, choices: Choices, carried: Row | None) -> SourceRow:
    options = choices.options
    text = text_of(element, options)
    if isinstance(text, tuple):
        return SourceRow(number, problem=text)
    task = () if isinstance(element.get("id"), str) else ("id",)  # a number is Label Studio's own
    taken = (*TOOL_FIELDS, *task, "text", options.text or "text", choices.name)
    own = element.get(OURS)
    fields = {**place_of(element, options, taken=taken), **text}
    if carried is not None:
        return SourceRow(number, {**fields, **unmarked(carried, "key")})
    at = element.get("updated_at") or element.get("created_at")
    fields |= given(annotator=person_of(element.get("annotator")), at=at)
    fields |= own if isinstance(own, dict) else {}
    fields |= {"act": "adjudicate"} if element.get("ground_truth") else {}
    return row_of(number, fields, _answer(element, choices))


def _answer(element: Row, choices: Choices) -> Answer:
    name, options = choices.name, choices.options
    if element.get("was_cancelled"):
        return Answer(skipped=True)
    if is_undone(element):
        return Answer(answered=False)  # how a task without annotations is written
    if name in element:
        return answer_of(element[name], options)
    if element.get("annotation_id") is None and element.get("annotator") is None:
        valid = f"an answer in {name!r}; only an annotation of somebody without one means none"
        return Answer(problem=("labels", "missing", sorted(map(str, element)), valid))
    others = choices.elsewhere(element)
    if others and "" in options.names:
        return answer_of(None, options)
    return beside(others, name) if others else answer_of([], options)


def _owners(elements: Sequence[Row], choices: Choices) -> dict[int, Row | None]:
    """By Python's id of the element: whose answer it was when we exported it."""
    tasks: dict[object, list[Row]] = {}
    for element in elements:
        if carried_rows(element.get(OURS)):
            tasks.setdefault(str(element.get("id")), []).append(element)
    was: dict[int, Row | None] = {}
    for listed in tasks.values():
        listed.sort(key=lambda each: int(each.get("annotation_id") or 0))  # imported ones first
        returned = [_returned(each, choices) for each in listed]
        found = owners(returned, carried_rows(listed[0][OURS]))
        was |= {id(each): row for each, row in zip(listed, found, strict=True)}
    return was


def _returned(element: Row, choices: Choices) -> Returned:
    answer = _answer(element, choices)
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
