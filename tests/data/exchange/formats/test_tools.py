"""Files as other tools write them: what each answer becomes, and what is told about bad ones."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Features, Sequence, Value, load_from_disk

from data.exchange.exporting import write_rows
from data.exchange.formats import argilla
from data.exchange.formats.choose import FORMATS, format_named, format_to_write
from data.exchange.formats.recognise import format_of
from data.exchange.importing import read_file
from data.judgements.event import Event, event_row
from data.judgements.rows_to_events import Intake
from model.errors import FormatUnknown, InvalidData

NOW = datetime(2026, 11, 26, tzinfo=UTC)
LEAVE = "They must leave."


def read(path: Path, content: object = None, format_name: str | None = None) -> Intake:
    if content is not None:
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
    return read_file(path, format_name=format_name, now=NOW)


def answers(intake: Intake) -> list[tuple[str, str, list[str]]]:
    return [(each.annotator, each.act, list(each.labels)) for each in intake.events]


def faults(intake: Intake) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.field, fault.code) for fault in intake.faults]


def choices(*labels: str) -> dict:
    value = {"choices": list(labels)}
    return {"from_name": "stance", "to_name": "text", "type": "choices", "value": value}


def label_studio_task(*annotations: dict, text: object = LEAVE, **data: object) -> dict:
    return {"id": 1, "data": {"text": text, **data}, "annotations": list(annotations)}


def test_label_studio_none_skip_ground_truth_and_unanswered_differ(tmp_path: Path):
    tasks = [
        label_studio_task(
            {"completed_by": 3, "result": [choices("Demand", "criticism")]},
            {"completed_by": {"id": 4, "email": "b@c.de"}, "result": []},
            {"completed_by": 5, "was_cancelled": True, "result": [choices("demand")]},
            {"completed_by": 6, "ground_truth": True, "result": [choices("None")]},
            doc=17,
            id=9,
        ),
        label_studio_task(),
    ]

    intake = read(tmp_path / "project.json", tasks)

    assert answers(intake) == [
        ("3", "label", ["criticism", "demand"]),
        ("b@c.de", "label", []),
        ("5", "skip", []),
        ("6", "adjudicate", []),
    ]
    assert (intake.unanswered, intake.events[0].doc, intake.faults) == (1, "17", [])


def test_label_studio_takes_the_time_of_the_last_change(tmp_path: Path):
    times = {"created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-02-01T01:00:00+01:00"}
    task = label_studio_task({"completed_by": 1, "result": [], **times})

    assert read(tmp_path / "a.json", [task]).events[0].at == "2026-02-01T00:00:00.000000Z"


def test_label_studio_broken_tasks_are_told(tmp_path: Path):
    rectangle = {"type": "rectanglelabels", "value": {"x": 1}}
    tasks = [
        3,
        {"data": {"text": LEAVE}, "annotations": {}},
        label_studio_task({"completed_by": 1, "result": [rectangle]}),
        label_studio_task({"completed_by": 1, "result": [choices("demnad")]}),
        label_studio_task({"completed_by": 1}, text=None),
    ]

    assert faults(read(tmp_path / "a.json", tasks, "label-studio")) == [
        (1, "row", "type"),
        (2, "annotations", "type"),
        (3, "annotations.result", "value"),
        (4, "labels", "unknown_label"),
        (5, "annotations.result", "type"),
    ]


def test_label_studio_min_has_strings_objects_and_absence(tmp_path: Path):
    rows = [
        {"id": 1, "text": "One.", "stance": "demand", "annotator": 1},
        {"id": 2, "text": "Two.", "stance": {"choices": ["demand", "criticism"]}, "annotator": 1},
        {"id": 3, "text": "Three.", "annotator": 2, "lead_time": 3.2},
    ]

    assert answers(read(tmp_path / "a.json", rows)) == [
        ("1", "label", ["demand"]),
        ("1", "label", ["criticism", "demand"]),
        ("2", "label", []),
    ]


def test_label_studio_min_without_recognisable_choices_does_not_become_none(tmp_path: Path):
    rows = [{"id": 1, "text": "One.", "sentiment": "positive", "annotator": 1}]

    with pytest.raises(InvalidData, match="sentiment"):
        read(tmp_path / "a.json", rows)


@pytest.mark.parametrize("server", [False, True])
def test_argilla_discarded_is_a_skip_and_a_draft_no_answer(tmp_path: Path, *, server: bool):
    said = [("u1", ["demand"], "submitted"), ("u2", [], "submitted"), ("u3", None, "discarded")]
    said += [("u4", ["demand"], "draft")]
    if server:
        responses: object = [
            {"user_id": user, "status": status, "values": {"labels": {"value": value}}}
            for user, value, status in said
        ]
    else:
        listed = [{"user_id": user, "value": value, "status": s} for user, value, s in said]
        responses = {"stance": listed}
    records = [
        {"id": "7", "fields": {"text": LEAVE}, "metadata": {"doc": "d"}, "responses": responses},
        {"id": "8", "fields": {"text": "They met."}, "responses": {}},
    ]

    intake = read(tmp_path / "records.json", records)

    expected = [("u1", "label", ["demand"]), ("u2", "label", []), ("u3", "skip", [])]
    assert answers(intake) == expected
    assert (intake.unanswered, intake.events[0].doc, intake.faults) == (2, "d", [])


def test_argilla_several_questions_need_one_named_labels(tmp_path: Path):
    responses = {"topic": [{"value": "x", "user_id": "u"}], "tone": []}
    records = [{"fields": {"text": LEAVE}, "responses": responses}]

    with pytest.raises(InvalidData, match=r"the questions 'tone', 'topic'; say .* LABELS=name"):
        read(tmp_path / "a.json", records)


def test_an_answer_changed_in_argilla_is_newer_than_the_export(tmp_path: Path):
    row = {"text": LEAVE, "labels": ["demand"], "annotator": "anna", "at": "2026-01-01T00:00:00Z"}
    argilla.write([row], path := tmp_path / "a.json", {"anna": str(uuid4())})
    records = json.loads(path.read_text())
    records[0]["responses"]["labels"][0]["value"] = []

    (event,) = read(path, records).events

    assert (event.annotator, event.labels, event.dated) == ("anna", (), False)


def test_prodigy_reject_and_ignore_are_skips_and_an_empty_accept_is_none(tmp_path: Path):
    common = {"text": LEAVE, "_view_id": "choice", "_timestamp": 1767225600}
    tasks = [
        {**common, "accept": ["demand"], "answer": "accept", "_annotator_id": "set-anna"},
        {**common, "accept": [], "answer": "accept", "_session_id": "set-ben"},
        {**common, "accept": ["demand"], "answer": "reject", "_annotator_id": "set-cem"},
        {**common, "accept": [], "answer": "ignore", "_annotator_id": "set-dan"},
        {"text": "Unseen.", "_task_hash": 3},
        {**common, "label": "DEMAND", "answer": "accept", "_annotator_id": "set-eva"},
        {**common, "answer": "perhaps"},
    ]

    intake = read(tmp_path / "a.jsonl", "\n".join(map(json.dumps, tasks)))

    assert answers(intake) == [
        ("set-anna", "label", ["demand"]),
        ("set-ben", "label", []),
        ("set-cem", "skip", []),
        ("set-dan", "skip", []),
    ]
    assert (intake.unanswered, intake.events[0].at[:19]) == (1, "2026-01-01T00:00:00")
    assert faults(intake) == [(6, "accept", "missing"), (7, "answer", "value")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("text,labels\nOne.,demand|criticism\n", ["criticism", "demand"]),
        ("text,labels\nOne.,None\n", []),
        ('text;labels\nOne.;"Demand, criticism"\n', ["criticism", "demand"]),
        ("text,agreement,criticism,demand\nOne.,0,1,yes\n", ["criticism", "demand"]),
        ("\ufefftext,agreement,criticism,demand\r\nOne.,0,0,0\r\n", []),
        ('id,text,choice\n1,One.,"{""choices"": [""demand"", ""criticism""]}"\n',
         ["criticism", "demand"]),
    ],
)  # fmt: skip
def test_csv_has_one_column_of_labels_or_one_a_label(
    tmp_path: Path, content: str, expected: list[str]
):
    assert answers(read(tmp_path / "a.csv", content)) == [("unnamed", "label", expected)]


def test_an_empty_cell_is_no_answer_and_told_with_its_line(tmp_path: Path):
    content = 'text,labels,n\n"Two\nlines.",demand,1\nOne.,,2\nThree.,none\nFour.,none,x\n'

    assert faults(read(tmp_path / "a.csv", content)) == [
        (4, "labels", "blank"),
        (5, "row", "cells"),
        (6, "n", "type"),
    ]
    wide = "text,agreement,criticism,demand\nOne.,1,,0\n"
    assert faults(read(tmp_path / "b.csv", wide)) == [(2, "criticism", "value")]


def test_a_table_without_text_or_labels_is_told_what_its_columns_are(tmp_path: Path):
    with pytest.raises(InvalidData, match="did you mean 'text' by 'texts'"):
        read(tmp_path / "a.csv", "texts,labels\n")
    with pytest.raises(InvalidData, match="criticism: missing"):
        read(tmp_path / "a.tsv", "text\tagreement\tdemand\n")
    (tmp_path / "b.csv").write_bytes(b"text,labels\n\xff,none\n")
    with pytest.raises(InvalidData, match="encoding"):
        read(tmp_path / "b.csv")


STATEMENT = "We welcome the truce. Both sides must now leave.\n\nThey met — 🕊."


def test_statements_label_sentences_by_offsets(tmp_path: Path):
    start = STATEMENT.index("They")
    row = {
        "doc": "d1",
        "text": STATEMENT,
        "annotator": "anna",
        "sentences": [
            {"start": 0, "end": 21, "labels": ["agreement"]},
            {"start": start, "end": len(STATEMENT), "labels": [], "annotator": "ben"},
        ],
    }

    events = read(tmp_path / "a.jsonl", row).events

    assert [(e.text, e.n, e.annotator, e.doc) for e in events] == [
        ("We welcome the truce.", 0, "anna", "d1"),
        ("They met — 🕊.", 2, "ben", "d1"),
    ]


def test_offsets_that_are_no_sentence_are_told_with_the_nearest(tmp_path: Path):
    listed = [{"start": 1, "end": 21, "labels": []}, {"start": 0, "end": "x", "labels": []}]
    rows = [{"text": STATEMENT, "sentences": listed}, {"text": STATEMENT, "sentences": {}}]

    intake = read(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows)))

    assert faults(intake) == [
        (1, "sentences", "not_a_sentence"),
        (1, "sentences.end", "type"),
        (2, "sentences", "type"),
    ]
    assert "did you mean 0-21" in intake.faults[0].valid


def test_a_data_set_folder_with_class_labels_and_splits_is_read(tmp_path: Path):
    names = ClassLabel(names=["demand", "none", "criticism"])
    features = Features({"text": Value("string"), "labels": Sequence(names), "doc": Value("int64")})
    part = {"text": ["One.", "Two."], "labels": [[0, 2], [1]], "doc": [1, 2]}
    parts = DatasetDict({"train": Dataset.from_dict(part, features=features)})
    parts.save_to_disk(str(tmp_path / "set"))

    intake = read(tmp_path / "set")

    expected = [("unnamed", "label", ["criticism", "demand"]), ("unnamed", "label", [])]
    assert (answers(intake), intake.events[1].doc) == (expected, "2")


def test_parquet_files_are_read_and_broken_ones_told(tmp_path: Path):
    (tmp_path / "set" / "data").mkdir(parents=True)
    table = pa.table({"text": ["One."], "agreement": [0], "criticism": [True], "demand": [1.0]})
    pq.write_table(table, tmp_path / "set" / "data" / "train.parquet")

    assert answers(read(tmp_path / "set")) == [("unnamed", "label", ["criticism", "demand"])]
    (tmp_path / "set" / "data" / "x.parquet").write_text("broken")
    with pytest.raises(InvalidData, match="unreadable"):
        read(tmp_path / "set")


def test_the_data_set_library_opens_what_is_written(tmp_path: Path):
    row = {"text": LEAVE, "labels": ["demand"], "annotator": "anna", "at": "2026-01-01", "n": 3}
    write_rows([row], tmp_path / "set", FORMATS["data-set"])

    opened = load_from_disk(str(tmp_path / "set"))

    assert {name: opened[0][name] for name in ("text", "labels", "n")} == {
        "text": LEAVE,
        "labels": ["demand"],
        "n": 3,
    }


@pytest.mark.parametrize("name", [name for name, form in FORMATS.items() if form.write])
def test_every_written_format_is_recognised_by_its_looks(tmp_path: Path, name: str):
    ending = {"csv": ".csv", "tsv": ".tsv", "jsonl": ".jsonl", "prodigy": ".jsonl", "data-set": ""}
    path = tmp_path / f"out{ending.get(name, '.json')}"
    event = Event("label", LEAVE, "anna", "2026-01-01T00:00:00.000000Z")  # type: ignore[arg-type]

    write_rows([event_row(event)], path, FORMATS[name])

    assert format_of(path) == name


def test_an_unknown_format_is_refused_with_those_known(tmp_path: Path):
    (tmp_path / "a.bin").write_bytes(b"\x00\x01")

    for refused in (
        lambda: format_of(tmp_path / "a.bin"),
        lambda: format_named("xml"),
        lambda: format_to_write(tmp_path / "a.json"),
    ):
        with pytest.raises(FormatUnknown, match="label-studio"):
            refused()
