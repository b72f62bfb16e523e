"""The results of Label Studio's annotations: regions, each of one control of the project."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.exchange.formats.fields.answer_field import pick_field
from data.exchange.formats.fields.answers import EMPTY, Answer, answer_of, one_per_label
from data.exchange.formats.fields.options import ReadOptions, folded
from data.exchange.formats.fields.rows import Row, without
from model.errors import Fault, InvalidData
from model.stance import STANCES

_ANSWERING = ("choices", "taxonomy")
_VALID = 'regions of type "choices", or [] for none'


@dataclass(frozen=True)
class Controls:
    """Which controls answer.

    Attributes:
        names: the one that holds the labels, or one yes or no a label; () if no annotation has any.
        other: controls of other types in the file, with their type.
    """

    names: tuple[str, ...]
    other: Mapping[str, str]
    options: ReadOptions


def controls_of(results: Iterable[object], options: ReadOptions, path: Path) -> Controls:
    """Find the control that answers, over all annotations of a file.

    Raises:
        InvalidData: it could be several, none is of a type that answers, or the one that was
            named is not there.
    """
    answering: defaultdict[str, list[object]] = defaultdict(list)
    other: dict[str, str] = {}
    for region in _regions(results):
        name, kind = str(region.get("from_name", "labels")), str(region.get("type"))
        if kind in _ANSWERING:
            answering[name].append(_choice(region))
        else:
            other[name] = kind
    if {folded(name) for name in answering} == set(STANCES) and not options.labels:
        return Controls(tuple(answering), other, options)
    if other and not answering:
        shown = ", ".join(f"{name} ({kind})" for name, kind in sorted(other.items()))
        valid = f"{_VALID}; spans of a text are read as FORMAT=statements (docs/annotations.md)"
        raise InvalidData([Fault(str(path), 1, "annotations.result", "value", shown, valid)])
    picked = pick_field(answering, options, path, what="control")
    return Controls((picked,) if picked else (), other, options)


def result_answer(result: object, controls: Controls) -> tuple[Answer, Row]:
    """What one annotation answers, and what its other controls hold."""
    if not isinstance(result, list) or not all(isinstance(each, dict) for each in result):
        return Answer(problem=("annotations.result", "type", result, _VALID)), {}
    chosen = [each for each in result if _answers(each, controls)]
    other = [each for each in result if not _answers(each, controls)]
    notes: dict[str, Any] = {}
    for each in other:
        # a relation is of no control: it says from where to where
        kept = each.get("value") if "value" in each else without(each, "from_name", "type")
        notes.setdefault(_control(each), []).append(kept)
    return _answer(chosen, other, controls), notes


def _answer(chosen: list[Row], other: list[Row], controls: Controls) -> Answer:
    odd = [each for each in chosen if _choice(each) is None or _is_of_span(each)]
    if odd:
        valid = f"{_VALID}; each for the whole sentence"
        return Answer(problem=("annotations.result", "value", odd[0], valid))
    if len(controls.names) > 1:
        return one_per_label({folded(str(each["from_name"])): _only(each) for each in chosen})
    if chosen:
        return answer_of([name for each in chosen for name in _names(each)], controls.options)
    if not other or "" in controls.options.names:
        return answer_of([] if not other else None, controls.options)
    kinds = ", ".join(f"{_control(each)} ({each.get('type')})" for each in other)
    control = controls.names[0] if controls.names else "labels"
    return Answer(problem=("annotations.result", "value", f"{kinds}, nothing in {control}", EMPTY))


def _control(region: Row) -> str:
    return str(region.get("from_name") or region.get("type"))


def _answers(region: Row, controls: Controls) -> bool:
    answering = region.get("type") in _ANSWERING
    return answering and str(region.get("from_name", "labels")) in controls.names


def _regions(results: Iterable[object]) -> Iterable[Row]:
    for result in results:
        if isinstance(result, list):
            yield from (each for each in result if isinstance(each, dict))


def _choice(region: Row) -> list[object] | None:
    value = region.get("value")
    found = value.get(str(region.get("type"))) if isinstance(value, dict) else None
    return found if isinstance(found, list) else None


def _names(region: Row) -> list[object]:
    """The names chosen; of a taxonomy, each with the way to it."""
    listed = _choice(region) or []
    return [" > ".join(map(str, each)) if isinstance(each, list) else each for each in listed]


def _only(region: Row) -> object:
    names = _names(region)
    return names[0] if len(names) == 1 else names


def _is_of_span(region: Row) -> bool:
    value = region.get("value")
    return isinstance(value, dict) and not {"start", "end", "x", "ranges"}.isdisjoint(value)
