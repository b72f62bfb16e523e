"""Batch scoring: complete or absent, every bad row told."""

import json
from pathlib import Path

import pytest

from model.errors import Fault, InvalidData
from serve.archive.score import Document, read_documents, score_documents
from tests.fakes import FakeClassifier


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows) + "\n")
    return path


def test_every_sentence_becomes_a_row_with_its_documents_id(tmp_path: Path):
    documents = [Document("a", "An agreement. A demand."), Document("b", "Nothing.")]
    output, seen = tmp_path / "out.jsonl", list[int]()

    count = score_documents(documents, FakeClassifier(), output, on_characters=seen.append)

    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert count == len(rows) == 3
    assert [(r["id"], r["index"]) for r in rows] == [("a", 0), ("a", 1), ("b", 0)]
    assert rows[1]["labels"] == ["demand"]
    assert rows[1]["text"] == "An agreement. A demand."[rows[1]["start"] : rows[1]["end"]]
    assert set(rows[0]) >= {"id", "index", "start", "end", "text", "labels", "scores", "model"}
    assert sum(seen) == sum(len(r["text"]) for r in rows)


def test_a_failure_midway_leaves_no_output_and_keeps_an_old_one(tmp_path: Path):
    output = tmp_path / "out.jsonl"
    output.write_text("old\n")
    # more sentences than one chunk holds, so that rows are on disk when the last one fails
    documents = [Document("a", "A demand. " * 3_000), Document("b", "BOOM.")]

    with pytest.raises(RuntimeError):
        score_documents(documents, FakeClassifier(), output, on_characters=lambda _: None)

    assert output.read_text() == "old\n"
    assert list(tmp_path.iterdir()) == [output]


def test_jsonl_and_text_are_read(tmp_path: Path):
    (tmp_path / "note.txt").write_text("A statement.\nAnother.", encoding="utf-8")

    assert read_documents(write(tmp_path / "a.jsonl", {"id": "1", "text": "x", "more": 2})) == [
        Document("1", "x")
    ]
    assert read_documents(tmp_path / "note.txt") == [Document("note", "A statement.\nAnother.")]


def test_all_bad_rows_are_told_at_once(tmp_path: Path):
    path = write(
        tmp_path / "a.jsonl",
        {"id": "1", "text": "x"},
        "{",
        {"id": 2, "text": "x"},
        {"id": "3"},
        {"id": "1", "text": "y"},
        {"id": "6", "text": "  "},
        "[]",
    )

    with pytest.raises(InvalidData) as caught:
        read_documents(path)

    assert [(f.line, f.field, f.code) for f in caught.value.faults] == [
        (2, "row", "json"),
        (3, "id", "type"),
        (4, "text", "type"),
        (5, "id", "duplicate"),
        (6, "text", "unusable"),
        (7, "row", "type"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"x", "format"),
        ("a.txt", b"\xff", "unusable"),
        ("a.txt", b" ", "unusable"),
        ("a.jsonl", b"", "empty"),
    ],
)
def test_files_that_cannot_be_scored_are_told(tmp_path: Path, name: str, content: bytes, code: str):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(InvalidData) as caught:
        read_documents(tmp_path / name)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_a_missing_file_is_told(tmp_path: Path):
    with pytest.raises(InvalidData) as caught:
        read_documents(tmp_path / "none.jsonl")
    assert isinstance(caught.value.faults[0], Fault)
