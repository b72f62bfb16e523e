"""Fields whose names only resemble ours are kept, misspellings are refused with the way out."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.commands import export_file, import_file
from data.exchange.formats.fields.options import ReadOptions, parse_names
from data.exchange.importing import Source, read_source
from data.judgements.rows_to_events import Intake
from data.store.store import open_store
from model.errors import InvalidData

NOW = datetime(2026, 11, 26, tzinfo=UTC)
ROW = {"text": "They must reopen the lock.", "labels": "demand"}
ENDINGS = [".csv", ".tsv", ".jsonl"]


def write(path: Path, row: dict) -> Path:
    if path.suffix == ".jsonl":
        path.write_text(json.dumps(row) + "\n")
    else:
        out = io.StringIO()
        delimiter = "\t" if path.suffix == ".tsv" else ","
        csv.writer(out, delimiter=delimiter).writerows([row.keys(), row.values()])
        path.write_text(out.getvalue())
    return path


def read(path: Path, **said: object) -> Intake:
    return read_source(Source(path, options=ReadOptions(**said)), now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "name",
    ["idx", "sources", "annotation", "sure", "test", "cat", "docs", "txt", "fiction", "selected"],
)
def test_a_word_of_its_own_rides_along_and_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, ending: str
):
    path, store = (
        write(tmp_path / f"a{ending}", ROW | {name: "v"}),
        ["--store", str(tmp_path / "s")],
    )

    assert import_file.main([str(path), *store]) == 0

    (event,) = open_store(tmp_path / "s").events()
    assert event.details == {name: "v"}
    assert f"not read as ours: 1 {name}" in capsys.readouterr().out
    assert export_file.main([str(tmp_path / "out.csv"), *store]) == 0
    assert import_file.main([str(tmp_path / "out.csv"), *store]) == 0
    assert "0 are new, 1 were known" in capsys.readouterr().out


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("annotators", {"annotator": "ida"}),
        ("identity", {"id": "7"}),
        ("texts", {}),
        ("sourced", {"source": "paper"}),
        ("registers", {"register": "cable"}),
    ],
)
def test_beside_the_field_that_it_resembles_a_name_is_no_misspelling(
    tmp_path: Path, name: str, beside: dict, ending: str
):
    intake = read(write(tmp_path / f"a{ending}", ROW | beside | {name: "v"}))

    assert intake.faults == []
    assert intake.events[0].details[name] == "v"


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "name", ["sorce", "anotator", "annotators", "registr", "idd", "selectd_by"]
)
def test_a_misspelling_is_refused_and_can_be_kept(tmp_path: Path, name: str, ending: str):
    path, store = write(tmp_path / f"a{ending}", ROW | {name: "v"}), tmp_path / "s.db"

    (fault,) = read(path).faults
    assert (fault.field, fault.code) == (name, "unknown_field")
    assert f"KEEP={name}" in fault.valid

    command = [str(path), "--store", str(store), "--annotator", "bo"]
    assert import_file.main(command) == 3
    assert import_file.main([*command, "--keep", f"other, {name}"]) == 0
    (event,) = open_store(store).events()
    assert event.details == {"data": {name: "v"}}
    assert export_file.main([str(tmp_path / "out.jsonl"), "--store", str(store)]) == 0
    assert import_file.main([str(tmp_path / "out.jsonl"), "--store", str(store)]) == 0
    assert len(open_store(store).events()) == 1


CLASSES = ("agreement", "criticism", "demand")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("2", ["demand"]),
        ("2.0", ["demand"]),
        (" 0 ", ["agreement"]),
        ("0|2", ["agreement", "demand"]),
        ("0;1.0", ["agreement", "criticism"]),
        ("[0, 2]", ["agreement", "demand"]),
    ],
)
def test_numbers_of_classes_are_read_from_cells_of_text(
    tmp_path: Path, cell: str, labels: list[str], ending: str
):
    path = write(tmp_path / f"a{ending}", ROW | {"labels": cell})

    (event,) = read(path, classes=CLASSES).events
    assert list(map(str, event.labels)) == labels
    (event,) = read(path, names=parse_names("0=agreement;1=criticism;2=demand")).events
    assert list(map(str, event.labels)) == labels


@pytest.mark.parametrize("cell", ["3", "2.5", "-1", "1e0", "²", "nan", "2 2"])
def test_numbers_without_a_class_are_refused(tmp_path: Path, cell: str):
    path = write(tmp_path / "a.csv", ROW | {"labels": cell})

    assert [fault.field for fault in read(path, classes=CLASSES).faults] == ["labels"]
    assert read(write(tmp_path / "b.csv", ROW | {"labels": "2"})).events == []


def test_empty_lines_are_one_fault_with_their_number(tmp_path: Path):
    row = json.dumps(ROW)
    (tmp_path / "a.jsonl").write_text(
        "\n".join([row, "", " ", row.replace("lock", "gate"), "", row])
    )

    intake = read(tmp_path / "a.jsonl")

    assert [(fault.line, fault.code, fault.got) for fault in intake.faults] == [
        (2, "blank", "'3 empty lines, the first here'")
    ]
    assert len(intake.events) == 3


@pytest.mark.parametrize(
    ("said", "typo"), [({"labels": "stanse"}, "stanse"), ({"text": "sentense"}, "sentense")]
)
def test_a_mistyped_column_is_answered_with_the_column_that_is_there(
    tmp_path: Path, said: dict, typo: str
):
    path = write(tmp_path / "a.csv", {"sentence": "They met.", "text": "x", "stance": "none"})

    with pytest.raises(InvalidData) as refused:
        read(path, **said)

    there = {"stanse": "stance", "sentense": "sentence"}[typo]
    assert f"did you mean {there!r}?" in str(refused.value)
    assert f"did you mean {typo!r}" not in str(refused.value)
