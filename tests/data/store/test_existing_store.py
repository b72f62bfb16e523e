"""A mistyped name makes no store, and no command writes over one."""

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from data.__main__ import main as data
from data.annotation.files import CORPUS, corpus_files
from data.store.existing_store import is_there, store_file
from data.store.store import open_store
from serve.__main__ import main as serve
from training.__main__ import main as training

Command = Callable[[str, Path], int]
READING: dict[str, Command] = {
    "agreement": lambda at, folder: data(
        ["annotators", "--store", at, "--page", str(folder / "page.html")]
    ),
    "queue": lambda at, _: serve(["queue", "--store", at]),
    "queue of documents": lambda at, folder: serve(
        ["queue", str(folder / "note.txt"), "--store", at]
    ),
    "export": lambda at, folder: data(["export", str(folder / "out.csv"), "--store", at]),
    "resolved export": lambda at, folder: data(
        ["export", str(folder / "out.csv"), "--store", at, "--resolved"]
    ),
    "withdraw": lambda at, folder: data(
        ["import", str(folder / "a.jsonl"), "--store", at, "--withdraw"]
    ),
    "check of a withdrawal": lambda at, folder: data(
        ["import", str(folder / "a.jsonl"), "--store", at, "--withdraw", "--check"]
    ),
    "retrain": lambda at, _: training(["retrain", "--store", at]),
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    row = {"text": "They must reopen the lock.", "labels": ["demand"], "annotator": "ida"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    (tmp_path / "note.txt").write_text("They must reopen the lock.")
    return tmp_path


@pytest.mark.parametrize("spelling", ["typo.db", "sqlite:///typo.db", "sqlite+pysqlite:///typo.db"])
@pytest.mark.parametrize("command", READING)
def test_a_store_that_is_not_there_is_not_made(
    place: Path, command: str, spelling: str, capsys: pytest.CaptureFixture[str]
):
    before = sorted(place.iterdir())

    assert READING[command](spelling, place) == 1

    assert sorted(place.iterdir()) == before
    assert f"no annotation store is at {spelling}" in capsys.readouterr().err


@pytest.mark.parametrize("command", READING)
def test_a_database_of_another_program_is_left_alone(place: Path, command: str):
    with sqlite3.connect(place / "other.db") as other:
        other.execute("CREATE TABLE visits (n)")
    other.close()
    before = (place / "other.db").read_bytes()

    assert READING[command]("other.db", place) == 1

    assert (place / "other.db").read_bytes() == before


def test_of_a_servers_store_only_opening_it_can_tell():
    assert store_file("postgresql://demarche@/annotations") is None
    assert is_there("postgresql://demarche@/annotations")


WRITING: dict[str, Callable[[str], int]] = {
    "export": lambda to: data(["export", to, "--store", "s.db", "--format", "jsonl"]),
    "export over it": lambda to: data(
        ["export", to, "--store", "s.db", "--format", "csv", "--overwrite"]
    ),
    "export of another store": lambda to: data(
        ["export", to, "--store", "t.db", "--format", "argilla", "--overwrite"]
    ),
    "resolved": lambda to: data(
        ["export", to, "--store", "s.db", "--format", "jsonl", "--resolved", "--overwrite"]
    ),
    "agreement": lambda to: data(["annotators", "--store", "s.db", "--page", to]),
    "queue": lambda to: serve(["queue", "--store", "s.db", "--to", to, "--overwrite"]),
    "standoff": lambda to: data(
        ["standoff", "join", "note.txt", "--labels", "none.tsv", "--to", to]
    ),
}


@pytest.mark.parametrize(
    "to", ["s.db", "./s.db", "{}/s.db", "sub/../s.db", "soft.db", "hard.db", "s.db-wal",
           "s.db-shm", "s.db-journal", "soft.db-wal", "model/model.bin", "model/new.bin"]
)  # fmt: skip
@pytest.mark.parametrize("command", WRITING)
def test_no_command_writes_over_a_store_or_a_model(place: Path, command: str, to: str):
    for name in ("s.db", "t.db"):
        data(["import", "a.jsonl", "--store", name])
    (place / "sub").mkdir()
    (place / "soft.db").symlink_to("s.db")
    os.link("s.db", "hard.db")
    (place / "model").mkdir()
    for name in ("COMPLETE", "manifest.json", "model.bin"):
        (place / "model" / name).write_text("x")
    before = (place / "s.db").read_bytes()

    assert WRITING[command](to.format(place)) == 2

    assert (place / "s.db").read_bytes() == before
    assert (place / "soft.db").is_symlink()
    assert (place / "model" / "model.bin").read_text() == "x"
    assert not (place / "model" / "new.bin").exists()
    assert len(open_store("s.db").events()) == 1


@pytest.mark.parametrize("command", ["export over it", "agreement", "queue", "standoff"])
@pytest.mark.usefixtures("place")
def test_no_command_writes_over_the_corpus(command: str):
    data(["import", "a.jsonl", "--store", "s.db"])
    to = corpus_files()[0]
    before = to.read_bytes()

    for path in (to, CORPUS / "new.jsonl"):
        assert WRITING[command](str(path)) == 2

    assert to.read_bytes() == before
    assert not (CORPUS / "new.jsonl").exists()
