"""Who answered only another control of Label Studio has not said "none"."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.exchange.formats.fields.options import ReadOptions, parse_names
from data.exchange.importing import Source, read_source
from data.judgements.rows_to_events import Intake
from model.errors import InvalidData

NOW = datetime(2026, 11, 26, tzinfo=UTC)
LOCK = "They must reopen the lock."


def read(path: Path, content: object, names: str = "", **said: str) -> Intake:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    options = ReadOptions(names=parse_names(names), **said)  # type: ignore[arg-type]
    return read_source(Source(path, options=options), now=NOW)


def done(number: int, **fields: object) -> dict:
    said = {"id": number, "text": f"Sentence {number}.", "annotator": 1, "annotation_id": number}
    return said | fields


CSV = "id,text,stance,{0},annotator,annotation_id,lead_time\n1,One.,demand,{1},1,10,3\n"
ONLY = {
    "a choice": ("a.json", [done(1, stance="demand", sure="yes"), done(2, sure="no")]),
    "choices": ("a.json", [done(1, stance="demand"), done(2, sure={"choices": ["no", "late"]})]),
    "a note": ("a.json", [done(1, stance="demand"), done(2, remark="hard to say")]),
    "a rating": ("a.json", [done(1, stance="demand"), done(2, stars=3)]),
    "regions": ("a.json", [done(1, stance="demand"), done(2, span=[{"start": 0, "end": 3}])]),
    "a CSV, a choice": ("a.csv", CSV.format("sure", "yes") + "2,Two.,,no,1,11,3\n"),
    "a CSV, a note": ("a.csv", CSV.format("remark", "") + "2,Two.,,unclear,1,11,3\n"),
    "a CSV of pandas": ("a.csv", CSV.format("sure", "yes") + "2,Two.,NaN,no,1,11,3\n"),
}


@pytest.mark.parametrize("case", ONLY)
def test_an_answer_to_another_control_only_is_refused_with_the_way_out(tmp_path: Path, case: str):
    name, content = ONLY[case]

    (fault,) = read(tmp_path / name, content, labels="stance").faults

    assert (fault.line, fault.field, fault.code) == (3 if name == "a.csv" else 2, "labels", "blank")
    assert "nothing in 'stance'" in fault.got
    assert 'MAP="=none"' in fault.valid


@pytest.mark.parametrize("case", ONLY)
@pytest.mark.parametrize("meaning", ["none", "skip", "unanswered"])
def test_what_it_means_can_be_said(tmp_path: Path, case: str, meaning: str):
    name, content = ONLY[case]

    intake = read(tmp_path / name, content, labels="stance", names=f"={meaning}")

    assert intake.faults == []
    last = [(str(event.act), event.labels) for event in intake.events][1:]
    assert last == {"none": [("label", ())], "skip": [("skip", ())], "unanswered": []}[meaning]


def test_where_nothing_but_the_task_stands_beside_it_nothing_is_none(tmp_path: Path):
    rows = [
        done(1, stance="demand", file="a", agreement=100.0, doc="d"),
        done(2, file="a", agreement=50.0, doc="d"),
        {"id": 3, "text": "Three.", "file": "a", "annotation_id": None},
    ]
    table = CSV.format("file", "a") + "2,Two.,,a,1,11,3\n3,Three.,,a,,,\n"

    for name, content in (("a.json", rows), ("a.csv", table)):
        intake = read(tmp_path / name, content, labels="stance")
        assert intake.faults == []
        assert [list(map(str, event.labels)) for event in intake.events] == [["demand"], []]


def test_a_file_without_any_control_is_not_all_none(tmp_path: Path):
    rows = [done(1), done(2)]

    with pytest.raises(InvalidData, match='MAP="=none"'):
        read(tmp_path / "a.json", rows)
    assert len(read(tmp_path / "a.json", rows, names="=none").events) == 2
    with pytest.raises(InvalidData):
        read(tmp_path / "a.json", rows, labels="stance")
