"""The import and export commands: faults told and nothing written, done twice is done once."""

import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from data.annotation.files import read_annotations
from data.commands import export_file, import_file
from data.judgements.event import Act, Event
from data.store.store import open_store

ROOT = Path(__file__).parents[3]
GOOD = {"text": "They must leave.", "labels": ["demand"], "annotator": "anna"}


def write(path: Path, *rows: object) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class Desk:
    """The two commands on one store."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.place = folder, folder / "var" / "annotations.db"

    def take(self, path: Path, *options: str) -> int:
        return import_file.main([str(path), "--store", str(self.place), *options])

    def give(self, name: str, *options: str) -> int:
        return export_file.main([str(self.folder / name), "--store", str(self.place), *options])

    def view(self) -> object:
        return {each.item: each for each in open_store(self.place).resolved()}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_importing_twice_is_importing_once(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = write(tmp_path / "a.jsonl", GOOD, {**GOOD, "text": "They met.", "labels": []})

    assert desk.take(path) == 0
    assert "2 are new, 0 were known" in capsys.readouterr().out
    assert desk.take(path) == 0
    out = capsys.readouterr().out
    assert "0 are new, 2 were known" in out
    assert "2 agreed" in out


BAD = [
    "{",
    "",
    [1],
    {"labels": [], "annotator": "a"},
    {**GOOD, "text": " "},
    {**GOOD, "text": "x" * 2001},
    {**GOOD, "text": "a\0b"},
    {**GOOD, "labels": None},
    {**GOOD, "labels": ["demnad"]},
    {**GOOD, "labels": ["demand", "demand"]},
    {**GOOD, "act": "lable"},
    {**GOOD, "act": "skip"},
    {**GOOD, "at": "yesterday"},
    {**GOOD, "at": "2099-01-01T00:00:00Z"},
    {**GOOD, "annotator": ""},
    {**GOOD, "n": 2**40},
    {**GOOD, "sorce": "x"},
    {**GOOD, "text": "Das Land fordert den sofortigen Abzug aller Truppen vor Ort"},
    {**GOOD, "text": "They left.", "labels": []},
    {**GOOD, "text": "they  left."},
]


def test_every_bad_row_is_told_and_nothing_is_written(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert desk.take(write(tmp_path / "a.jsonl", GOOD, *BAD)) == 3

    told = [line.strip() for line in capsys.readouterr().err.splitlines() if "a.jsonl:" in line]
    codes = Counter(line.split(": ")[2] for line in told)
    assert [int(line.split(":")[1]) for line in told] == list(range(2, len(BAD) + 2))
    assert len(codes) >= 14
    assert codes["contradiction"] == 2
    assert "did you mean 'label'?" in "".join(told)
    assert "did you mean 'source'?" in "".join(told)
    assert not desk.place.parent.exists()


def test_the_valid_part_is_taken_if_asked_for(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = write(tmp_path / "a.jsonl", GOOD, *BAD)

    assert desk.take(path, "--accept-valid", "--annotator", "ben") == 0

    captured = capsys.readouterr()
    assert f"{len(BAD)} rows with {len(BAD)} faults were left out" in captured.out
    assert "a.jsonl:2" in captured.err
    assert [each.text for each in open_store(desk.place).events()] == [GOOD["text"]]


def test_a_file_can_be_withdrawn_and_come_back(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = write(tmp_path / "a.jsonl", GOOD, {**GOOD, "text": "They met.", "annotator": "eva"})
    desk.take(path)
    desk.take(write(tmp_path / "b.jsonl", {**GOOD, "labels": [], "annotator": "ben"}))

    assert desk.take(path, "--withdraw") == 0
    assert "2 retract" in capsys.readouterr().out
    (left,) = open_store(desk.place).resolved()
    assert (left.origin.annotator, left.labels) == ("ben", ())

    assert desk.take(path) == 0
    assert "2 are new" in capsys.readouterr().out
    assert len(open_store(desk.place).resolved()) == 2
    assert desk.take(path) == 0
    assert "0 are new, 2 were known" in capsys.readouterr().out


def test_a_withdrawn_file_with_times_comes_back_as_often_as_it_is_withdrawn(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = write(tmp_path / "a.jsonl", {**GOOD, "at": "2026-03-01T10:00:00Z"})

    for _ in range(3):
        assert desk.take(path) == 0
        assert [each.labels for each in open_store(desk.place).resolved()] == [("demand",)]
        assert desk.take(path, "--withdraw") == 0
        assert open_store(desk.place).resolved() == []
    assert "are back" in capsys.readouterr().out
    assert desk.take(path, "--withdraw") == 0
    assert "1 answers of the file are not in the store" in capsys.readouterr().out


def test_a_corrected_file_of_the_same_times_holds(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    at = {"at": "2026-03-01T10:00:00Z"}
    texts = [f"Paragraph {n} of the treaty was read out." for n in range(12)]
    bad = [{**GOOD, **at, "text": text, "labels": ["criticism"]} for text in texts]
    wrong = write(tmp_path / "wrong.jsonl", *bad)
    right = write(tmp_path / "right.jsonl", *[{**each, "labels": ["demand"]} for each in bad])

    desk.take(wrong)
    assert desk.take(right) == 0
    assert "12 differ from what the same annotator said at the same time" in capsys.readouterr().out
    assert {each.labels for each in open_store(desk.place).resolved()} == {("demand",)}

    other = Desk(tmp_path / "other")
    other.take(wrong)
    other.take(wrong, "--withdraw")
    assert other.take(right) == 0
    assert {each.labels for each in open_store(other.place).resolved()} == {("demand",)}


def test_withdrawing_takes_back_the_file_and_not_what_was_said_beside_it(
    desk: Desk, tmp_path: Path
):
    before = write(tmp_path / "a.jsonl", {**GOOD, "labels": [], "at": "2026-01-01T00:00:00Z"})
    path = write(tmp_path / "b.jsonl", {**GOOD, "at": "2026-02-01T00:00:00Z"})
    desk.take(before)
    desk.take(path)

    desk.take(path, "--withdraw")

    assert [each.labels for each in open_store(desk.place).resolved()] == [()]


def test_what_somebody_retracted_does_not_come_back_with_the_file(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = write(tmp_path / "a.jsonl", {**GOOD, "at": "2026-01-01T00:00:00Z"})
    desk.take(path)
    desk.take(
        write(tmp_path / "b.jsonl", {"text": GOOD["text"], "act": "retract", "annotator": "anna"})
    )
    capsys.readouterr()

    assert desk.take(path) == 0

    assert open_store(desk.place).resolved() == []
    assert "1 known rows say what their annotator has since changed" in capsys.readouterr().out


@pytest.mark.parametrize("at", [{}, {"at": "2026-01-01T00:00:00Z"}])
def test_one_sentence_in_two_documents_is_two_judgements(desk: Desk, tmp_path: Path, at: dict):
    rows = [{**GOOD, **at, "doc": "d1"}, {**GOOD, **at, "doc": "d2", "labels": []}]

    assert desk.take(write(tmp_path / "a.jsonl", *rows, {**rows[0], "doc": "d3"})) == 0

    held = {each.origin.doc: each.labels for each in open_store(desk.place).resolved()}
    assert held == {"d1": ("demand",), "d2": (), "d3": ("demand",)}


def test_a_sentence_twice_in_one_document_with_two_answers_is_told_with_a_way_out(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    rows = [{**GOOD, "doc": "d1", "n": 2}, {**GOOD, "doc": "d1", "n": 7, "labels": []}]

    assert desk.take(write(tmp_path / "a.jsonl", *rows)) == 3
    assert "stands twice in 'd1', and one answer holds for both" in capsys.readouterr().err
    assert desk.take(write(tmp_path / "a.jsonl", rows[0], {**rows[0], "n": 7})) == 0


def test_two_files_that_name_nobody_are_two_annotators_and_it_is_said(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    row = {"text": GOOD["text"], "labels": ["demand"]}

    assert desk.take(write(tmp_path / "a.jsonl", row)) == 0
    assert desk.take(write(tmp_path / "b.jsonl", {**row, "labels": []})) == 0

    assert "name no annotator" in capsys.readouterr().out
    assert [str(each.status) for each in open_store(desk.place).resolved()] == ["conflict"]


def test_names_in_files_are_one_person_and_it_is_said(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    rows = [{**GOOD, "annotator": " Jo\u0308rg  M. ", "at": "2026-01-01"}]
    rows += [{**GOOD, "annotator": "j\u00f6rg m.", "labels": [], "at": "2026-01-02"}]

    assert desk.take(write(tmp_path / "a.jsonl", *rows)) == 0

    told = capsys.readouterr().out
    assert "is kept as 'J\u00f6rg M.'" in told
    assert "'J\u00f6rg M.', 'j\u00f6rg m.' count as one annotator" in told
    (resolved,) = open_store(desk.place).resolved()
    assert (len(resolved.judgements), resolved.labels) == (1, ())


@pytest.mark.parametrize(
    "broken",
    [
        '"note": "\\ud800"',
        '"a\\udfffb": 1',
        '"note": NaN',
        '"note": [{"x": [-Infinity]}]',
        '"note": {"\\ud812": 1}',
        '"note": 1e999',
        '"note": ' + "[" * 60 + "]" * 60,
    ],
)
def test_details_that_no_file_can_hold_are_refused(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str], broken: str
):
    line = json.dumps(GOOD)[:-1] + ", " + broken + "}"

    assert desk.take(write(tmp_path / "a.jsonl", line)) == 3
    assert "a.jsonl:1" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["b.jsonl", "b.csv", "folder"])
def test_a_store_that_holds_such_details_is_exported_all_the_same(
    desk: Desk, tmp_path: Path, name: str
):
    details = {"note": "\ud800", "k\udfff": float("nan")}
    at = "2026-01-01T00:00:00.000000Z"
    event = Event(Act.LABEL, str(GOOD["text"]), "anna", at, details=details)
    open_store(desk.place).append([event])

    assert desk.give(name) == 0
    assert Desk(tmp_path / "again").take(tmp_path / name) == 0


def test_an_adjudication_by_a_party_is_taken_from_a_file_and_told(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    rows = [GOOD, {**GOOD, "labels": [], "annotator": "ben"}, {**GOOD, "act": "adjudicate"}]

    assert desk.take(write(tmp_path / "a.jsonl", *rows)) == 0
    assert "1 adjudications are by somebody who is a party" in capsys.readouterr().out


def test_checking_says_what_is_wrong_and_makes_no_store(desk: Desk, tmp_path: Path):
    assert desk.take(write(tmp_path / "a.jsonl", GOOD), "--check") == 0
    assert desk.take(write(tmp_path / "a.jsonl", "{"), "--check") == 3
    assert not desk.place.exists()


def test_a_missing_file_and_an_unknown_format_are_told(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert desk.take(tmp_path / "none.jsonl") == 3
    assert desk.take(write(tmp_path / "a.jsonl", GOOD), "--format", "xml") == 2
    assert "label-studio" in capsys.readouterr().err


def test_exporting_to_every_ending_gives_the_same_view_in_a_new_store(desk: Desk, tmp_path: Path):
    rows = [GOOD, {**GOOD, "labels": [], "annotator": "ben"}, {**GOOD, "text": "They met."}]
    rows += [{"text": "Hm.", "act": "skip", "annotator": "ben"}]
    desk.take(write(tmp_path / "a.jsonl", *rows))

    for number, name in enumerate(["b.jsonl", "b.csv", "b.tsv", "folder"]):
        assert desk.give(name) == 0
        other = Desk(tmp_path / str(number))
        assert other.take(tmp_path / name) == 0
        assert other.view() == desk.view()
        assert desk.take(tmp_path / name) == 0  # and changes nothing in its own
    assert len(open_store(desk.place).events()) == 4


def test_a_resolved_export_is_what_training_reads(desk: Desk, tmp_path: Path):
    held = {"label": "demand", "holder": "They", "target": None, "voice": "own"}
    rows = [{**GOOD, "doc": "d", "n": 1, "year": 1999, "hard": True, "stances": [held]}]
    rows += [{**GOOD, "text": "They met."}, {"text": "They met.", "labels": [], "annotator": "b"}]
    desk.take(write(tmp_path / "a.jsonl", *rows))

    assert desk.give("train.jsonl", "--resolved") == 0

    (annotation,) = read_annotations([tmp_path / "train.jsonl"], unique=True)
    assert (annotation.text, annotation.year, annotation.hard) == (GOOD["text"], 1999, True)
    assert annotation.stances[0].holder == "They"


def test_a_refused_export_leaves_what_was_there(desk: Desk, tmp_path: Path):
    desk.take(write(tmp_path / "a.jsonl", GOOD))
    (tmp_path / "folder").mkdir()

    assert desk.give("folder") == 2
    assert desk.give("a.jsonl", "--format", "statements") == 2
    assert desk.give("a.json") == 2

    assert (tmp_path / "a.jsonl").read_text() == json.dumps(GOOD) + "\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.jsonl", "folder", "var"]


KILLED = """
import os, signal, sys
from itertools import count
from sqlalchemy import Engine, event
from data.commands.import_file import main

moment, number, *arguments = sys.argv[1:]
numbers = count(1)

def die_in_time(*_):
    if next(numbers) == int(number):
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, moment, die_in_time)
main(arguments)
"""


# the first transaction makes the tables, the second takes the rows
@pytest.mark.parametrize(("moment", "number"), [("commit", 1), ("begin", 2), ("commit", 2)])
def test_a_killed_import_leaves_nothing_of_itself_and_runs_again(
    desk: Desk, tmp_path: Path, moment: str, number: int
):
    rows = [{**GOOD, "text": f"Sentence {number}."} for number in range(1_000)]
    path = write(tmp_path / "a.jsonl", *rows)
    code = [sys.executable, "-c", KILLED, moment, str(number), str(path)]

    done = subprocess.run([*code, "--store", str(desk.place)], cwd=ROOT, check=False)

    assert done.returncode == -signal.SIGKILL
    assert open_store(desk.place).events() == []
    assert desk.take(path) == 0
    assert len(open_store(desk.place).events()) == 1_000
