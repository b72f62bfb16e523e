"""Which field of Label Studio's flat forms holds the choices, and what may answer elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.exchange.formats.fields.answer_field import USUAL, could_answer, pick_field, several
from data.exchange.formats.fields.answers import EMPTY, is_empty
from data.exchange.formats.fields.options import ReadOptions
from data.exchange.formats.fields.round_trip import carried_rows
from data.exchange.formats.fields.rows import OURS, Row
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
    undone = [each for each in elements if is_undone(each)]
    return frozenset(name for each in undone for name, value in each.items() if not is_empty(value))


def is_undone(element: Row) -> bool:
    """Whether nobody has annotated a task: it is written without an annotation's number."""
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
    done = element.get("was_cancelled") or carried_rows(element.get(OURS)) or is_undone(element)
    return bool(done) or (element.get("annotation_id") is None and element.get("annotator") is None)


def _has_choices(value: object) -> bool:
    return isinstance(value, Mapping) and "choices" in value
