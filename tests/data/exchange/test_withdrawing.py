"""Taking a file back takes what nobody else says, whichever came first, and says what stays."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.commands import export_file, import_file
from data.judgements.event import parse_event
from data.store.store import open_store

AT = "2026-01-01T00:00:00Z"
NOW = datetime(2026, 11, 26, tzinfo=UTC)
S0 = {"text": "We welcome the offer.", "labels": ["agreement"], "annotator": "ida"}
S1 = {"text": "They must reopen the lock.", "labels": ["demand"], "annotator": "ida"}


class Desk:
    """The commands on one store."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store = folder, ["--store", str(folder / "s.db")]

    def write(self, name: str, *rows: dict) -> str:
        (self.folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
        return str(self.folder / name)

    def take(self, path: str, *options: str) -> None:
        assert import_file.main([path, *self.store, *options]) == 0

    def held(self) -> Sequence[tuple[str, list[str]]]:
        held = open_store(self.folder / "s.db").resolved()
        return sorted((each.origin.text, list(map(str, each.labels))) for each in held)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


ONE = [(S0["text"], ["agreement"])]


@pytest.mark.parametrize("more", [{}, {"at": AT}, {"source": "paper"}, {"source": "import:a"}])
@pytest.mark.parametrize("first", ["a", "b"])
def test_an_answer_of_two_files_goes_with_the_last_of_them(desk: Desk, first: str, more: dict):
    paths = {
        "a": desk.write("a.jsonl", S0 | more),
        "b": desk.write("b.jsonl", S0 | more, S1 | more),
    }
    for name in sorted(paths, reverse=first == "b"):
        desk.take(paths[name])

    desk.take(paths["b"], "--withdraw")
    assert desk.held() == ONE
    desk.take(paths["b"], "--withdraw")
    assert desk.held() == ONE
    desk.take(paths["a"], "--withdraw")
    assert desk.held() == []


def test_what_stays_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]):
    a, b = desk.write("a.jsonl", S0), desk.write("b.jsonl", S0, S1)
    desk.take(a)
    desk.take(b)

    desk.take(b, "--withdraw")

    assert "1 answers of the file stay: another file" in capsys.readouterr().out


def test_the_other_file_can_come_back_and_go_again(desk: Desk):
    a, b = desk.write("a.jsonl", S0), desk.write("b.jsonl", S0, S1)
    for path in (a, b):
        desk.take(path)
    desk.take(b, "--withdraw")
    desk.take(b)
    desk.take(a, "--withdraw")
    assert desk.held() == [*sorted([*ONE, (S1["text"], ["demand"])])]
    desk.take(a)
    desk.take(b, "--withdraw")
    assert desk.held() == ONE


@pytest.mark.parametrize("first", ["http", "file"])
def test_what_was_given_over_http_stays(desk: Desk, first: str):
    given = parse_event({**S0, "at": AT}, file="", line=1, now=NOW, source="api:key")
    path = desk.write("a.jsonl", {**S0, "at": AT})
    store = open_store(desk.folder / "s.db")
    if first == "http":
        store.append([given])
    desk.take(path)
    if first == "file":
        store.append([replace(given)])

    desk.take(path, "--withdraw")

    assert desk.held() == ONE


def test_a_file_that_was_never_imported_takes_nothing_with_it(
    desk: Desk, capsys: pytest.CaptureFixture[str]
):
    desk.take(desk.write("a.jsonl", S0))
    out = desk.folder / "out.jsonl"
    export_file.main([str(out), *desk.store])
    capsys.readouterr()

    desk.take(str(out), "--withdraw")

    assert desk.held() == ONE
    assert "1 answers of the file stay" in capsys.readouterr().out


def test_an_export_that_was_imported_elsewhere_can_be_taken_back_there(desk: Desk, tmp_path: Path):
    (tmp_path / "other").mkdir()
    other = Desk(tmp_path / "other")
    other.take(other.write("a.jsonl", S0))
    out = str(tmp_path / "out.jsonl")
    export_file.main([out, *other.store])

    desk.take(out)
    assert desk.held() == ONE
    desk.take(out, "--withdraw")
    assert desk.held() == []


def test_two_files_of_one_source_that_name_nobody_are_two_annotators(desk: Desk):
    row = {"text": S0["text"], "labels": [], "source": "paper"}
    desk.take(desk.write("a.jsonl", row))
    desk.take(desk.write("b.jsonl", row | {"labels": ["demand"]}))

    events = open_store(desk.folder / "s.db").events()
    assert len({event.person for event in events}) == 2


def test_checking_a_withdrawal_says_what_would_be_taken_back_and_takes_nothing(
    desk: Desk, capsys: pytest.CaptureFixture[str]
):
    a, b = desk.write("a.jsonl", S0), desk.write("b.jsonl", S0, S1)
    desk.take(a)
    desk.take(b)
    before = desk.held()
    capsys.readouterr()

    desk.take(b, "--withdraw", "--check")

    out = capsys.readouterr().out
    assert "1 judgements of 2 in the file can be taken back" in out
    assert "1 answers of the file stay" in out
    assert "imported" not in out
    assert desk.held() == before
    desk.take(desk.write("never.jsonl", {**S1, "annotator": "bo"}), "--withdraw", "--check")
    out = capsys.readouterr().out
    assert "0 judgements of 1 in the file can be taken back" in out
    assert "1 answers of the file are not in the store" in out
    assert len(open_store(desk.folder / "s.db").events()) == 2


def test_checking_says_what_the_import_would_say_of_the_file(
    desk: Desk, capsys: pytest.CaptureFixture[str]
):
    path = desk.write("a.jsonl", {**S0, "annotator": "7"})
    names = desk.folder / "map.csv"
    names.write_text("bo,robert\n")

    desk.take(path, "--check", "--annotators", str(names))

    out = capsys.readouterr().out
    assert "1 judgements can be imported" in out
    assert "names of the map that nobody in the file has: 'bo'" in out
    assert "annotators are numbers (7)" in out
