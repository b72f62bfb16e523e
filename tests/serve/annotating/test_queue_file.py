"""The queue as a file: of documents scored now, to be filled in and imported."""

import json
from pathlib import Path

import pytest

from data.commands import import_file
from data.store.queue import Request
from data.store.store import AnnotationStore, open_store
from model.errors import FormatUnknown
from serve.__main__ import main
from serve.annotating.queue_file import queue_rows, score_file, write_queue
from tests.fakes import FakeClassifier

TEXT = " ".join(f"This is an agreement about number {n}." for n in range(30))


@pytest.fixture
def store(tmp_path: Path) -> AnnotationStore:
    return open_store(tmp_path / "annotations.db")


def queued(store: AnnotationStore, tmp_path: Path, *, suggestions: bool) -> Path:
    (tmp_path / "note.txt").write_text(TEXT)
    scored = score_file(tmp_path / "note.txt", FakeClassifier())
    rows = queue_rows(store, Request(limit=10), scored=scored, suggestions=suggestions)
    write_queue(rows, tmp_path / "queue.jsonl", overwrite=True)
    return tmp_path / "queue.jsonl"


def answered(path: Path) -> list[dict]:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    filled = [{**row, "labels": [], "annotator": "anna"} for row in rows]
    path.write_text("\n".join(map(json.dumps, filled)) + "\n")
    return rows


def test_a_file_becomes_a_queue_that_comes_back_as_annotations(
    store: AnnotationStore, tmp_path: Path
):
    path = queued(store, tmp_path, suggestions=False)
    rows = answered(path)

    assert len(rows) == 10
    assert {row["doc"] for row in rows} == {"note"}
    assert {row["selected_by"] for row in rows} == {"uncertain", "random"}
    assert not any({"suggested_by", "suggestion", "scores"} & set(row) for row in rows)
    assert import_file.main([str(path), "--store", str(tmp_path / "annotations.db")]) == 0
    events = store.events()
    assert [each.selected_by for each in events] == [row["selected_by"] for row in rows]
    lines = queued(store, tmp_path, suggestions=False).read_text().splitlines()
    again = {json.loads(line)["text"] for line in lines}
    assert again & {row["text"] for row in rows} == set()


def test_a_queue_that_somebody_fills_in_is_not_replaced(store: AnnotationStore, tmp_path: Path):
    answered(path := queued(store, tmp_path, suggestions=False))
    filled = path.read_text()

    with pytest.raises(FormatUnknown, match="OVERWRITE=1"):
        write_queue([{"text": "Another."}], path)
    assert path.read_text() == filled


def test_with_suggestions_the_answers_say_that_they_saw_them(
    store: AnnotationStore, tmp_path: Path
):
    path = queued(store, tmp_path, suggestions=True)
    rows = answered(path)

    assert all(row["suggestion"] == ["agreement"] for row in rows)
    assert import_file.main([str(path), "--store", str(tmp_path / "annotations.db")]) == 0
    assert {each.suggested_by for each in store.events()} == {"v1"}


def test_without_a_file_it_lists_what_the_store_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    place = str(tmp_path / "annotations.db")
    path = tmp_path / "a.jsonl"
    row = {"text": "They must leave.", "labels": ["demand"], "annotator": "anna"}
    path.write_text("\n".join(map(json.dumps, [row, {**row, "labels": [], "annotator": "ben"}])))
    import_file.main([str(path), "--store", place])
    capsys.readouterr()

    assert main(["queue", "--store", place]) == 0

    assert json.loads(capsys.readouterr().out) == {
        "text": "They must leave.",
        "selected_by": "disputed",
    }


@pytest.mark.parametrize("options", [["--limit", "4"], ["--strategy", "best"], ["--limit", "x"]])
def test_what_is_no_queue_is_a_usage_error(options: list[str]):
    with pytest.raises(SystemExit) as usage:
        main(["queue", *options])

    assert usage.value.code == 2
