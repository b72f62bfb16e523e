"""Label Studio's JSON_MIN: one annotation an element, its choices under a name of the project's.

One choice is a string, two are {"choices": [...]}, none is no field at all. The task's own fields
stand beside them, so that a model's label can look like an answer: where several fields could be
one, the person says which. They also look like answers to other controls: who has only such a field
may have chosen nothing, or not come to it, and the person says which.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.exchange.formats.fields.answer_field import USUAL, could_answer, pick_field, several
from data.exchange.formats.fields.answers import EMPTY, Answer, answer_of, beside, is_empty
from data.exchange.formats.fields.content import read_values
from data.exchange.formats.fields.options import ReadOptions
from data.exchange.formats.fields.round_trip import Returned, carried_rows, owners
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
from data.judgements.rows_to_events import SourceRow
from model.errors import Fault, InvalidData

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


@dataclass(frozen=True)
class Choices:
    """The field of the choices, and the fields that are surely not of another control."""

    name: str
    options: ReadOptions
    of_task: frozenset[str] = frozenset()

    def elsewhere(self, element: Row) -> list[str]:
        """The fields of an annotation that may answer another control."""
        own = {self.name, self.options.text or "text", self.options.doc, *self.of_task}
        return [
            name
            for name, value in element.items()
            if name not in own and not is_empty(value) and not is_of_tool(name, value)
        ]


def is_of_tool(name: str, value: object) -> bool:
    """Whether a field is Label Studio's own, or says where the sentence is from."""
    # the agreement of annotators is a number, a label of that name is not
    return name in (*TOOL_FIELDS, *_PLACE) or (name == "agreement" and not isinstance(value, str))


def task_fields(elements: Sequence[Row]) -> frozenset[str]:
    """Fields of tasks that nobody has done: they are no answers."""
    undone = [each for each in elements if _is_undone(each)]
    return frozenset(name for each in undone for name, value in each.items() if not is_empty(value))


def _is_undone(element: Row) -> bool:
    return is_empty(element.get("annotation_id", "of an older version"))


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
        picked = pick_field(found, options, path, what="field") or USUAL[0]
        if not found and "" not in options.names and not all(map(_needs_no_field, elements)):
            seen = "no field but the task's in any element"
            raise InvalidData([Fault(str(path), 1, "labels", "missing", seen, EMPTY)])
        return picked
    could = {name: values for name, values in found.items() if could_answer(name, values, options)}
    name = next(iter(could), "")
    certain = name in USUAL or any(map(_has_choices, could.get(name, ())))
    if len(could) == 1 and certain:
        return name
    raise several(could or found, path)


def _needs_no_field(element: Row) -> bool:
    """Whether an element without a control says all the same what was done, or who is asked."""
    done = element.get("was_cancelled") or carried_rows(element.get(OURS)) or _is_undone(element)
    return bool(done) or (element.get("annotation_id") is None and element.get("annotator") is None)


def _has_choices(value: object) -> bool:
    return isinstance(value, Mapping) and "choices" in value


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
        return SourceRow(number, {**fields, **without(carried, "key")})
    at = element.get("updated_at") or element.get("created_at")
    fields |= given(annotator=person_of(element.get("annotator")), at=at)
    fields |= own if isinstance(own, dict) else {}
    fields |= {"act": "adjudicate"} if element.get("ground_truth") else {}
    return row_of(number, fields, _answer(element, choices))


def _answer(element: Row, choices: Choices) -> Answer:
    name, options = choices.name, choices.options
    if element.get("was_cancelled"):
        return Answer(skipped=True)
    if _is_undone(element):
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
