"""The import and export commands: what is said about a file, who people are, what is not made."""

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from data.annotation.files import read_annotations
from data.commands import export_file, import_file
from data.judgements.resolve import Resolved, Status
from data.store.store import open_store

HEADLINE = "Brandonia slams upriver bloc over barge tariffs, threatens harbour closure tomorrow"
GOOD = {"text": "They must reopen the lock.", "labels": ["demand"], "annotator": "ida"}


class Desk:
    """The two commands on one store."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.place = folder, folder / "var" / "annotations.db"

    def write(self, name: str, content: object) -> str:
        path = self.folder / name
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def rows(self, name: str, *rows: object) -> str:
        return self.write(name, "".join(json.dumps(row) + "\n" for row in rows))

    def take(self, path: str, *options: str) -> int:
        return import_file.main([path, "--store", str(self.place), *options])

    def give(self, name: str, *options: str) -> int:
        return export_file.main([str(self.folder / name), "--store", str(self.place), *options])

    def held(self) -> Sequence[Resolved]:
        """What is held of each sentence; judgements of one moment stand in the order they came."""
        return [
            replace(each, judgements=tuple(sorted(each.judgements, key=lambda event: event.id)))
            for each in open_store(self.place).resolved()
        ]

    def voters(self) -> set[str]:
        return {event.annotator for event in open_store(self.place).events()}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_options_say_what_fields_and_names_mean(desk: Desk):
    path = desk.write("a.csv", "line,view\nThey must go.,Insists\nThey met.,\n")

    options = ("--text", "line", "--labels", "view", "--map", "Insists=demand,=none")

    assert desk.take(path, *options, "--check") == 0
    assert not desk.place.exists()
    assert desk.take(path, *options) == 0
    assert {each.origin.text: list(each.labels) for each in desk.held()} == {
        "They must go.": ["demand"],
        "They met.": [],
    }


@pytest.mark.parametrize("wrong", ["Insists", "Insists=demnad", "a=demand;A=none", "a=none+demand"])
def test_a_map_that_says_nothing_clear_is_a_usage_error(
    desk: Desk, wrong: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit, match="2"):
        desk.take(desk.rows("a.jsonl", GOOD), "--map", wrong)
    assert wrong.partition("=")[0].split(";")[0].casefold() in capsys.readouterr().err.casefold()


def test_one_mistake_in_many_rows_is_one_line(desk: Desk, capsys: pytest.CaptureFixture[str]):
    rows = [{"text": f"Barge {n} must stop.", "label": f"wish {n}"} for n in range(5_000)]

    assert desk.take(desk.rows("a.jsonl", *rows)) == 3

    told = capsys.readouterr().err
    assert len(told.splitlines()) <= 3
    assert "5,000 times, in rows 1, 2, 3 …: got 'wish 0'; 'wish 1'; 'wish 2'" in told


def test_a_sentence_that_does_not_look_english_can_be_said_to_be(
    desk: Desk, capsys: pytest.CaptureFixture[str]
):
    path = desk.rows("a.jsonl", {**GOOD, "text": HEADLINE}, GOOD)

    assert desk.take(path) == 3
    assert "ENGLISH=1" in capsys.readouterr().err
    assert desk.take(path, "--english") == 0
    assert desk.give("b.jsonl", "--resolved") == 0
    assert len(read_annotations([desk.folder / "b.jsonl"], unique=True)) == 2
    said = {each.origin.text: each.origin.details for each in desk.held()}
    assert said == {HEADLINE: {"language": "en"}, GOOD["text"]: {}}


def test_a_map_of_annotators_makes_one_person_of_several_names(
    desk: Desk, capsys: pytest.CaptureFixture[str]
):
    path = desk.rows("a.jsonl", {**GOOD, "annotator": "7"}, {**GOOD, "annotator": "ida@x.example"})
    people = desk.write("map.csv", "name,keep\n7,ida\nida@x.example,ida\n")

    assert desk.take(path, "--annotators", people, "--check") == 0
    assert desk.take(path, "--annotators", people) == 0

    assert desk.voters() == {"ida"}
    assert "7 is ida (1), ida@x.example is ida (1)" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", ["7\n", "7,ida,bo\n", "7,ida\n7,bo\n", "7,ida\nida,bo\n", "7,\n"])
def test_a_map_that_makes_two_of_one_is_refused(desk: Desk, wrong: str):
    path = desk.rows("a.jsonl", GOOD)

    assert desk.take(path, "--annotators", desk.write("map.csv", wrong)) == 3
    assert not desk.place.exists()


def test_numbers_as_names_and_missing_documents_are_pointed_out(
    desk: Desk, capsys: pytest.CaptureFixture[str]
):
    desk.take(desk.rows("a.jsonl", {**GOOD, "annotator": 7, "document_id": "d"}))

    out = capsys.readouterr().out
    assert "1 of 1 judgements name no document" in out
    assert "DOC=document_id?" in out
    assert "annotators are numbers (7)" in out


def test_nothing_is_read_from_or_taken_back_in_a_store_that_is_not_there(
    desk: Desk, capsys: pytest.CaptureFixture[str]
):
    kept = desk.write("kept.csv", "something of mine")

    assert desk.give("kept.csv") == 1
    assert desk.take(desk.rows("a.jsonl", GOOD), "--withdraw") == 1
    desk.place.parent.mkdir()
    desk.place.touch()
    assert desk.give("kept.csv") == 1

    assert Path(kept).read_text() == "something of mine"
    assert desk.place.stat().st_size == 0
    assert f"no annotation store is at {desk.place}" in capsys.readouterr().err


def test_a_file_that_differs_is_replaced_only_when_told(
    desk: Desk, capsys: pytest.CaptureFixture[str]
):
    desk.take(desk.rows("a.jsonl", GOOD))
    desk.write("b.csv", "something of mine")

    assert desk.give("b.csv") == 2
    assert "OVERWRITE=1" in capsys.readouterr().err
    assert (desk.folder / "b.csv").read_text() == "something of mine"
    assert desk.give("b.csv", "--overwrite") == 0
    assert desk.give("b.csv") == 0  # the same again
    assert not [path for path in desk.folder.iterdir() if path.name.startswith(".tmp")]


def test_decided_sentences_are_written_as_the_ending_says(desk: Desk):
    desk.take(desk.rows("a.jsonl", GOOD, {**GOOD, "annotator": "bo"}))

    assert desk.give("b.csv", "--resolved") == 0
    assert desk.give("b.json", "--resolved") == 2
    assert desk.give("b.json", "--resolved", "--format", "label-studio") == 2

    with (desk.folder / "b.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["text"], row["labels"], row["annotator"]) == (GOOD["text"], "demand", "bo+ida")


@pytest.mark.parametrize("name", ["b.csv", "b.jsonl", "b"])
def test_a_decided_sentence_is_a_vote_only_where_the_votes_are_not(desk: Desk, name: str):
    desk.take(desk.rows("a.jsonl", GOOD, {**GOOD, "annotator": "bo"}))
    desk.give(name, "--resolved")
    other = Desk(desk.folder / "other")
    other.folder.mkdir()

    assert desk.take(str(desk.folder / name)) == 0
    assert other.take(str(desk.folder / name)) == 0

    assert desk.voters() == {"ida", "bo"}
    assert [list(each.labels) for each in other.held()] == [["demand"]]


def loop(tasks: list[dict], importer: int) -> list[dict]:
    """What Label Studio makes of tasks that it imports and exports: its own ids, persons, times."""
    annotations = iter(range(500, 600))
    return [
        {
            "id": 70 + number,
            "data": each["data"],
            "annotations": [
                {
                    **{k: v for k, v in annotation.items() if k in ("result", "was_cancelled")},
                    "ground_truth": annotation["ground_truth"],
                    "id": next(annotations),
                    "import_id": annotation["id"],
                    "completed_by": importer,
                    "updated_by": None,
                    "created_at": "2026-11-20T10:00:00Z",
                    "updated_at": "2026-11-20T10:00:00Z",
                }
                for annotation in each["annotations"]
            ],
        }
        for number, each in enumerate(tasks)
    ]


def through_label_studio(desk: Desk) -> list[dict]:
    assert desk.give("ls.json", "--format", "label-studio") == 0
    return loop(json.loads((desk.folder / "ls.json").read_text()), importer=1)


def test_an_export_that_comes_back_from_label_studio_adds_nobody(desk: Desk):
    rows = [GOOD, {**GOOD, "labels": [], "annotator": "bo"}, {**GOOD, "text": "They met."}]
    rows += [{"text": "They met.", "act": "skip", "annotator": "bo"}]
    desk.take(desk.rows("a.jsonl", *rows))
    before = desk.held()

    tasks = through_label_studio(desk)

    assert desk.take(desk.write("back.json", tasks)) == 0
    assert desk.held() == before
    assert {each.status for each in before} == {Status.CONFLICT, Status.AGREED}
    assert desk.voters() == {"ida", "bo"}


def test_what_is_added_or_changed_in_label_studio_is_of_who_did_it(desk: Desk):
    desk.take(desk.rows("a.jsonl", GOOD, {**GOOD, "labels": [], "annotator": "bo"}))
    tasks = through_label_studio(desk)
    mine, bos = sorted(tasks[0]["annotations"], key=lambda each: not each["result"])
    added = {**mine, "id": 900, "import_id": None, "completed_by": 8}
    changed = {**bos, "result": mine["result"], "updated_by": 9}
    tasks[0]["annotations"] = [added, mine, changed]

    assert desk.take(desk.write("back.json", tasks)) == 0

    (held,) = desk.held()
    said = {each.annotator: list(each.labels) for each in held.judgements}
    assert said == {"ida": ["demand"], "bo": [], "8": ["demand"], "9": ["demand"]}


def test_an_export_that_comes_back_as_json_min_adds_nobody(desk: Desk):
    rows = [GOOD, {**GOOD, "labels": [], "annotator": "bo"}]
    rows += [{**GOOD, "labels": ["criticism"], "act": "adjudicate", "annotator": "chair"}]
    desk.take(desk.rows("a.jsonl", *rows))
    (task,) = through_label_studio(desk)
    elements = [
        {
            **task["data"],
            "id": task["id"],
            **{each["from_name"]: each["value"]["choices"][0] for each in annotation["result"]},
            "annotator": 1,
            "annotation_id": annotation["id"],
            "created_at": annotation["created_at"],
            "lead_time": 1.0,
        }
        for annotation in task["annotations"]
    ]

    assert desk.take(desk.write("back.json", elements)) == 0
    assert desk.voters() == {"ida", "bo", "chair"}
    assert len(open_store(desk.place).events()) == 3


def test_answers_of_people_without_an_id_in_argilla_ride_in_the_metadata(
    desk: Desk, capsys: pytest.CaptureFixture[str]
):
    desk.take(desk.rows("a.jsonl", GOOD, {**GOOD, "labels": [], "annotator": "bo"}))
    users = desk.write("users.csv", "bo,3b4d0f2e-6c0e-4d3a-9a63-5d2f0a1c9d11\n")

    assert desk.give("none.json", "--format", "argilla") == 0
    assert "USERS=users.csv" in capsys.readouterr().out
    assert desk.give("bo.json", "--format", "argilla", "--users", users) == 0

    (record,) = json.loads((desk.folder / "bo.json").read_text())
    (response,) = record["responses"]["labels"]
    assert response["value"] == ["none"]
    for name in ("none.json", "bo.json"):
        other = Desk(desk.folder / name[:2])
        other.folder.mkdir()
        assert other.take(str(desk.folder / name)) == 0
        assert other.held() == desk.held()
        assert desk.take(str(desk.folder / name)) == 0
    assert len(open_store(desk.place).events()) == 2
