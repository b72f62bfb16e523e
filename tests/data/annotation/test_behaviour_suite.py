"""The behavioural suite: read with all its faults, and what it holds."""

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from data.agreement.two_readers import BLIND_SUITE
from data.annotation.annotation import Annotation
from data.annotation.behaviour_suite import DIRECTION, INVARIANCE, MINIMUM, Case, read_behaviour
from data.annotation.json_lines import read_json_objects
from model.errors import InvalidData

MFT = {"id": "refusal-01", "function": "refusal", "rule": "12", "type": "mft", "critical": True}
GOOD = {**MFT, "text": "We refuse.", "expect": {"criticism": True}}


def write(folder: Path, *rows: dict) -> Path:
    (folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_the_three_types_are_read(tmp_path: Path):
    pair = {**MFT, "texts": ["A.", "B."]}
    rows = (
        GOOD,
        {**pair, "id": "i-01", "type": "inv"},
        {**pair, "id": "d-01", "type": "dir", "label": "demand"},
    )

    cases = read_behaviour(write(tmp_path, *rows))

    assert [case.type for case in cases] == [MINIMUM, INVARIANCE, DIRECTION]
    assert cases[0].texts == ("We refuse.",)
    assert cases[2].label == "demand"


@pytest.mark.parametrize(
    "row",
    [
        {**GOOD, "type": "xyz"},
        {**GOOD, "expect": {"praise": True}},
        {**GOOD, "expect": {}},
        {**GOOD, "note": "?"},
        {**MFT, "type": "dir", "texts": ["A.", "B."], "label": "praise"},
        {**MFT, "type": "inv", "texts": ["A."]},
    ],
)
def test_a_faulty_case_is_told(tmp_path: Path, row: dict):
    with pytest.raises(InvalidData, match=r"a.jsonl:1"):
        read_behaviour(write(tmp_path, row))


@pytest.mark.parametrize(
    "line",
    ["", "{", "[]", "7", '{"type": "mft"}', json.dumps({**GOOD, "text": 3}), json.dumps({**MFT})],
)
def test_a_line_that_is_not_a_case_is_told_and_no_traceback(tmp_path: Path, line: str):
    (tmp_path / "a.jsonl").write_text(f"{line}\n{json.dumps(GOOD)}\n")

    with pytest.raises(InvalidData, match=r"a.jsonl:1"):
        read_behaviour(tmp_path)


def test_an_id_twice_is_a_fault(tmp_path: Path):
    with pytest.raises(InvalidData, match="an id of its own"):
        read_behaviour(write(tmp_path, GOOD, GOOD))


@pytest.fixture(scope="module")
def suite() -> list[Case]:
    return read_behaviour()


def test_the_suite_is_broad(suite: list[Case]):
    counts = Counter(case.function for case in suite)

    assert len(counts) >= 30
    assert min(counts.values()) >= 20
    assert {case.type for case in suite} == {MINIMUM, INVARIANCE, DIRECTION}
    assert all(case.rule for case in suite)


def test_every_function_of_minimum_functionality_has_critical_cases(suite: list[Case]):
    functions = {case.function for case in suite if case.type == MINIMUM}

    assert {case.function for case in suite if case.critical} >= functions


def test_names_are_swapped_in_hundreds_of_pairs(suite: list[Case]):
    assert sum(case.function == "name-swap" for case in suite) >= 200


def test_no_case_stands_in_the_corpus(suite: list[Case], corpus: list[Annotation]):
    assert {text for case in suite for text in case.texts}.isdisjoint(a.text for a in corpus)


def test_the_blind_reading_is_of_the_cases_as_they_are_and_meets_them(suite: list[Case]):
    cases = {case.id: case for case in suite}
    readings: dict[str, list[set[str]]] = defaultdict(list)
    for _, row in read_json_objects(BLIND_SUITE):
        assert cases[row["case"]].texts[row["place"]] == row["text"], row["case"]
        readings[row["case"]].append(set(row["labels"]))

    assert len(readings) == 432
    assert [id_ for id_, found in readings.items() if not is_met(cases[id_], *found)] == []


def is_met(case: Case, first: set[str], second: set[str] | None = None) -> bool:
    if case.type == MINIMUM:
        return all((label in first) == wanted for label, wanted in case.expect.items())
    assert second is not None
    return first == second if case.type == INVARIANCE else case.label in second - first
