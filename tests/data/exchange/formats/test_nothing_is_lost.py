"""Answers that stand beside one another in a tool's file: each is kept, or at fault, or counted."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.commands import import_file
from data.exchange.exporting import write_rows
from data.exchange.formats.choose import FORMATS
from data.exchange.formats.fields.options import ReadOptions
from data.exchange.importing import Source, read_source
from data.judgements.event import event_row, parse_event
from data.judgements.rows_to_events import Intake
from data.store.store import open_store

NOW = datetime(2026, 11, 26, tzinfo=UTC)
LOCK = "They must reopen the lock."


def read(path: Path, rows: object, annotator: str = "unnamed", **said: Any) -> Intake:
    path.write_text(rows if isinstance(rows, str) else json.dumps(rows))
    options = ReadOptions(**said)
    return read_source(Source(path, annotator=annotator, options=options), now=NOW)


def answer(value: object, user: str | None = "u1", status: str | None = "submitted") -> dict:
    return {"value": value, "user_id": user, "status": status}


def record(responses: dict, **fields: object) -> dict:
    return {"id": "r", "fields": {"text": LOCK}, "responses": responses, **fields}


def said(intake: Intake) -> list[tuple[str, str, list[str]]]:
    return [(e.annotator, str(e.act), list(map(str, e.labels))) for e in intake.events]


@pytest.mark.parametrize(
    "second", [answer(["demand"]), answer([]), answer(["demand"], status="discarded")]
)
@pytest.mark.parametrize("user", ["u1", None])
def test_two_responses_of_one_user_that_differ_are_both_at_fault(
    tmp_path: Path, second: dict, user: str | None
):
    both = [answer(["agreement"], user), second | {"user_id": user}]

    intake = read(tmp_path / "a.json", [record({"stance": both}, updated_at="2026-01-01T00:00:00")])

    assert [fault.code for fault in intake.faults] == ["contradiction"] * 2
    assert intake.events == []


def test_the_same_response_twice_is_one_and_goes_with_its_other_answers(tmp_path: Path):
    asked = {"stance": [answer(["demand"])] * 2, "sure": [answer("yes"), answer("no")]}

    intake = read(tmp_path / "a.json", [record(asked)], labels="stance")

    assert said(intake) == [("u1", "label", ["demand"])] * 2
    assert [event.details["result"] for event in intake.events] == [{"sure": "yes"}, {"sure": "no"}]


class Argilla:
    """Exports of one record, as they go into one store."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store = folder, folder / "s.db"

    def export(self, at: str, **answers: Sequence[str]) -> None:
        responses = [answer(list(value), user) for user, value in answers.items()]
        path = self.folder / "a.json"
        path.write_text(json.dumps([record({"stance": responses}, updated_at=at)]))
        assert import_file.main([str(path), "--store", str(self.store)]) == 0

    def held(self) -> dict[str, list[str]]:
        (sentence,) = open_store(self.store).resolved()
        return {each.annotator: list(map(str, each.labels)) for each in sentence.votes}


def test_an_answer_changed_back_in_argilla_counts(tmp_path: Path):
    argilla = Argilla(tmp_path)
    for day, label in enumerate(["agreement", "demand", "agreement", "demand"], 1):
        argilla.export(f"2026-01-0{day}T10:00:00", u1=[label])
        assert argilla.held() == {"u1": [label]}


def test_an_answer_is_not_new_because_another_user_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    argilla = Argilla(tmp_path)
    argilla.export("2026-01-01T10:00:00", u1=["demand"])
    argilla.export("2026-01-02T10:00:00", u1=["demand"], u2=["agreement"])

    assert "1 are new, 1 were known" in capsys.readouterr().out
    argilla.export("2026-01-02T10:00:00", u1=["demand"], u2=["agreement"])
    assert "0 are new, 2 were known" in capsys.readouterr().out


def test_an_older_export_changes_nothing(tmp_path: Path):
    argilla = Argilla(tmp_path)
    argilla.export("2026-01-02T10:00:00", u1=["demand"])
    argilla.export("2026-01-01T10:00:00", u1=["agreement"])

    assert argilla.held() == {"u1": ["demand"]}


@pytest.mark.parametrize("form", ["client", "server", "flat"])
def test_answers_to_another_question_ride_along_or_are_counted(tmp_path: Path, form: str):
    if form == "client":
        second = [answer("late"), answer("early", "u2")]
        rows = [record({"stance": [answer(["demand"])], "when": second})]
    elif form == "server":
        first = {"stance": {"value": ["demand"]}, "when": {"value": "late"}}
        rows = [record({})]
        rows[0]["responses"] = [
            {"user_id": "u1", "status": "submitted", "values": first},
            {"user_id": "u2", "status": "submitted", "values": {"when": {"value": "early"}}},
        ]
    else:
        rows = [
            {"id": "r", "text": LOCK, "updated_at": "2026-01-01T00:00:00"}
            | {"stance.responses": [["demand"]], "stance.responses.users": ["u1"]}
            | {"stance.responses.status": ["submitted"], "when.responses": ["late", "early"]}
            | {"when.responses.users": ["u1", "u2"], "when.responses.status": ["submitted"] * 2}
        ]

    intake = read(tmp_path / "a.json", rows, labels="stance")

    (event,) = intake.events
    assert event.details == {"result": {"when": "late"}}
    assert intake.unkept == {"responses to other questions only": 1}


def of_nobody(*labels: str, at: str) -> dict:
    chosen = {"from_name": "stance", "type": "choices", "value": {"choices": list(labels)}}
    return {"result": [chosen] if labels else [], "updated_at": at}


MANY = {
    "Label Studio": (
        "a.json",
        [
            {
                "data": {"text": LOCK},
                "annotations": [
                    of_nobody("demand", at="2026-01-01T00:00:00Z"),
                    of_nobody(at="2026-01-02T00:00:00Z"),
                ],
            }
        ],
    ),
    "JSON_MIN": (
        "a.json",
        [
            {"id": 1, "text": LOCK, "stance": label, "annotation_id": n, "lead_time": 1.0}
            | {"updated_at": f"2026-01-0{n}T00:00:00Z"}
            for n, label in enumerate(["demand", "agreement"], 1)
        ],
    ),
    "a table": (
        "a.csv",
        f"text,labels,at\n{LOCK},demand,2026-01-01T00:00:00Z\n{LOCK},none,2026-01-02T00:00:00Z\n",
    ),
    "Prodigy": (
        "a.jsonl",
        "\n".join(
            json.dumps({"text": LOCK, "accept": each, "answer": "accept", "_timestamp": time})
            for time, each in ((1767225600, ["demand"]), (1767225601, []))
        ),
    ),
}


@pytest.mark.parametrize("case", MANY)
def test_several_answers_of_nobody_that_differ_are_at_fault_whatever_their_times(
    tmp_path: Path, case: str
):
    name, rows = MANY[case]

    intake = read(tmp_path / name, rows)

    assert [fault.code for fault in intake.faults] == ["contradiction"] * 2
    assert "ANNOTATOR=" in intake.faults[0].valid
    assert len(read(tmp_path / name, rows, annotator="ida").events) == 2


def test_a_relation_of_label_studio_keeps_its_ends(tmp_path: Path):
    relation = {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right"}
    annotation = of_nobody("demand", at="2026-01-01T00:00:00Z")
    annotation["result"].append(relation)

    (event,) = read(
        tmp_path / "a.json", [{"data": {"text": LOCK}, "annotations": [annotation]}]
    ).events

    ends = {"from_id": "a", "to_id": "b", "direction": "right"}
    assert event.details == {"result": {"relation": [ends]}}


@pytest.mark.parametrize("field", ["user_id", "key", "value", "status", "choices", "answer"])
@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.write])
def test_fields_named_as_a_tools_own_come_back(tmp_path: Path, name: str, field: str):
    row = {"text": LOCK, "labels": [], "annotator": "ida", "at": "2026-01-01T00:00:00Z", field: "x"}
    event = parse_event(row, file="", line=1, now=NOW)
    write_rows([event_row(event)], tmp_path / "out", FORMATS[name])

    (again,) = read_source(Source(tmp_path / "out", name), now=NOW).events

    assert (again.id, again.details) == (event.id, event.details)
