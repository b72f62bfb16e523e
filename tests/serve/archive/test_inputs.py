"""Every format gives the same documents; every fault is told with its place and costs its row."""

import json
from pathlib import Path
from typing import Any

import pytest

from model.errors import InvalidData
from serve.archive.documents import Document, read_documents
from serve.archive.inputs.read import SourceReader
from serve.archive.inputs.record import MAX_BYTES, START, Found, Problem, ReadOptions
from serve.archive.inputs.sources import find_sources
from tests.serve.archive.archives import (
    ROWS,
    compress,
    write_csv,
    write_jsonl,
    write_parquet,
)


def found(path: Path, options: ReadOptions | None = None) -> list[Found]:
    options = options or ReadOptions()
    (source,) = find_sources(str(path), form=options.format)
    return list(SourceReader(source, START, options))


def problems(path: Path, options: ReadOptions | None = None) -> list[tuple[int, str]]:
    return [(f.line, f.value.code) for f in found(path, options) if isinstance(f.value, Problem)]


def values(path: Path, options: ReadOptions | None = None) -> list[Any]:
    return [f.value for f in found(path, options) if not isinstance(f.value, Problem)]


def make(folder: Path, ending: str) -> Path:
    path = folder / f"file{ending}"
    if ending == ".jsonl":
        return write_jsonl(path, *ROWS)
    if ending == ".parquet":
        return write_parquet(path, ROWS, group=1)
    return write_csv(path, ROWS, "\t" if ending == ".tsv" else ",")


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".tsv", ".parquet"])
@pytest.mark.parametrize("squeezed", ["", ".gz", ".zst"])
def test_formats_give_the_same_documents(tmp_path: Path, ending: str, squeezed: str):
    path = make(tmp_path, ending)
    if squeezed and ending == ".parquet":
        pytest.skip("Parquet is compressed inside")
    if squeezed:
        path = compress(path, squeezed)

    documents = read_documents(path)

    assert [(d.id, d.text, d.fields["actor"]) for d in documents] == [
        (row["id"], row["text"], row["actor"]) for row in ROWS
    ]
    year = {".csv": "1", ".tsv": "1"}.get(ending, 1)  # cells of text stay text
    assert documents[0].fields["year"] == year


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".parquet"])
def test_reading_goes_on_after_any_record(tmp_path: Path, ending: str):
    path = tmp_path / f"file{ending}"
    rows = [{"id": str(n), "text": f'one\n"two", {n}\r\nthree'} for n in range(30)]
    writers = {".jsonl": lambda: write_jsonl(path, *rows), ".csv": lambda: write_csv(path, rows)}
    writers.get(ending, lambda: write_parquet(path, rows, group=7))()
    (source,) = find_sources(str(path), form=None)
    everything = found(path)

    for place, each in enumerate(everything):
        rest = list(SourceReader(source, each.after, ReadOptions()))
        assert rest == everything[place + 1 :]
    assert [v["text"] for v in values(path)] == [row["text"] for row in rows]


def test_text_and_pages_are_a_document_each(tmp_path: Path):
    (tmp_path / "note.txt").write_text("A statement.\nAnother.", encoding="utf-8-sig")
    (tmp_path / "page.html").write_text("<nav>Home</nav><p>One.</p><p>Two.</p>")

    assert read_documents(tmp_path / "note.txt") == [Document("note", "A statement.\nAnother.")]
    assert read_documents(tmp_path) == [
        Document("note.txt", "A statement.\nAnother.", {}, "note.txt"),
        Document("page.html", "One.\n\nTwo.", {"html_left_out": {"nav": 4}}, "page.html"),
    ]


def test_a_folder_is_read_in_the_order_of_its_names_without_hidden_files(tmp_path: Path):
    (tmp_path / "b").mkdir()
    for name in ("b/z.txt", "a.txt", ".hidden.txt", "c.txt~", "~lock.txt", "B.txt"):
        (tmp_path / name).write_text("They met.")

    assert [s.name for s in find_sources(str(tmp_path), form=None)] == ["B.txt", "a.txt", "b/z.txt"]
    pattern = str(tmp_path / "**" / "*.txt")
    assert len(find_sources(pattern, form=None)) == 3


def test_a_file_of_an_unknown_ending_in_a_folder_is_told_and_the_others_are_read(tmp_path: Path):
    (tmp_path / "a.docx").write_bytes(b"x")
    (tmp_path / "b.txt").write_text("They met.")

    with pytest.raises(InvalidData) as caught:
        read_documents(tmp_path)
    assert [(f.file, f.code) for f in caught.value.faults] == [("a.docx", "format")]


def test_text_and_id_may_be_in_other_fields(tmp_path: Path):
    path = write_jsonl(tmp_path / "a.jsonl", {"key": 7, "body": {"text": "They met.", "n": 1}})
    (only,) = values(path)
    assert only["key"] == 7

    from serve.archive.documents import Documents  # noqa: PLC0415
    from serve.archive.seen_ids import SeenIds  # noqa: PLC0415

    options = ReadOptions(text="body.text", id="key")
    (source,) = find_sources(str(path), form=None)
    with SeenIds() as seen:
        (record,) = found(path, options)
        document = Documents(options, seen).document(source, 0, record)
    assert document == Document(7, "They met.", {"body": {"n": 1}})


def test_records_without_an_id_are_numbered(tmp_path: Path):
    path = write_jsonl(tmp_path / "a.jsonl", {"text": "One."}, {"text": "Two."})

    assert [d.id for d in read_documents(path)] == ["a.jsonl:1", "a.jsonl:2"]


def test_all_faults_of_json_lines_are_told_with_their_lines(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    content = [
        b'\xef\xbb\xbf{"text": "one"}',
        b"",
        b"{",
        b'"text"',
        b'{"text": "\xff"}',
        b'{"text": 1, "text": "x"}',
        b'{"text": NaN}',
        b'{"text": "' + b"x" * MAX_BYTES + b'"}',
        b'{"text": "last\xe2\x80\xa8one"}',
    ]
    path.write_bytes(b"\n".join(content))

    assert problems(path) == [
        (3, "json"),
        (4, "type"),
        (5, "encoding"),
        (6, "repeated_field"),
        (7, "json"),
        (8, "too_long"),
    ]
    assert [v["text"] for v in values(path)] == ["one", "last\u2028one"]


def test_all_faults_of_a_table_are_told_with_their_lines(tmp_path: Path):
    path = tmp_path / "a.csv"
    content = [
        b"id,text",
        b'007,"two\r\nlines"',
        b"2",
        b"3,x,y",
        b"4,\xe9",
        b"5,fine,,",
        b'6,"never closed',
        b"7,after it",
        b'8,"closed"x',
        b"9,end",
    ]
    path.write_bytes(b"\n".join(content) + b"\n")

    assert problems(path) == [
        (4, "cells"),
        (5, "cells"),
        (6, "encoding"),
        (8, "quotes"),
        (10, "quotes"),
    ]
    assert [(v["id"], v["text"]) for v in values(path)] == [
        ("007", "two\r\nlines"),
        ("5", "fine"),
        ("7", "after it"),
        ("9", "end"),
    ]


def test_a_table_in_another_encoding_or_with_another_separator_is_read(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes("id;text\n1;caf\xe9, open\n".encode("cp1252"))

    assert values(path, ReadOptions(encoding="cp1252")) == [{"id": "1", "text": "caf\xe9, open"}]


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_table_without_the_column_of_the_text_is_told_with_those_it_has(
    tmp_path: Path, ending: str
):
    path = make(tmp_path, ending)

    (only,) = found(path, ReadOptions(text="body"))

    assert (only.value.code, only.value.field) == ("column", "file")
    assert "actor" in only.value.got
    assert "TEXT=" in only.value.valid


@pytest.mark.parametrize("squeezed", [".gz", ".zst"])
@pytest.mark.parametrize("cut", [0.5, 0.99])
def test_a_truncated_file_is_noticed_and_told(tmp_path: Path, squeezed: str, cut: float):
    rows = [{"id": n, "text": json.dumps([n * k % 7919 for k in range(40)])} for n in range(3000)]
    path = compress(write_jsonl(tmp_path / "a.jsonl", *rows), squeezed)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * cut)])

    assert problems(path)[-1][1] == "truncated"
    assert 0 < len(values(path)) < len(rows)


def test_damaged_files_are_told(tmp_path: Path):
    for name, content in {
        "a.jsonl.gz": b"\x1f\x8b" + b"x" * 50,
        "b.parquet": b"PAR1 nothing",
        "c.jsonl": b"",
        "d.txt": b"\xff",
        "e.html": b"<b>" * 2000,
    }.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "f.txt").symlink_to(tmp_path / "nowhere")

    with pytest.raises(InvalidData) as caught:
        read_documents(tmp_path)

    assert [(f.file, f.code) for f in caught.value.faults] == [
        ("a.jsonl.gz", "damaged"),
        ("b.parquet", "damaged"),
        ("c.jsonl", "empty"),
        ("d.txt", "encoding"),
        ("e.html", "unusable"),
        ("f.txt", "unreadable"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"x", "format"),
        ("a.txt", b" ", "unusable"),
        ("a.jsonl", b"", "empty"),
    ],
)
def test_a_file_that_cannot_be_scored_is_told(tmp_path: Path, name: str, content: bytes, code: str):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(InvalidData) as caught:
        read_documents(tmp_path / name)
    assert [fault.code for fault in caught.value.faults] == [code]


def test_all_bad_rows_are_told_at_once(tmp_path: Path):
    path = write_jsonl(
        tmp_path / "a.jsonl",
        {"id": "1", "text": "x"},
        "{",
        {"id": 2.5, "text": "x"},
        {"id": "3"},
        {"id": "1", "text": "y"},
        {"id": "6", "text": "  "},
        {"id": "7", "text": "x", "other": "\ud800"},
        {"id": None, "text": "x"},
    )

    with pytest.raises(InvalidData) as caught:
        read_documents(path)

    assert [(f.line, f.field, f.code) for f in caught.value.faults] == [
        (2, "row", "json"),
        (3, "id", "type"),
        (4, "text", "type"),
        (5, "id", "duplicate"),
        (6, "text", "unusable"),
        (7, "row", "unusable"),
        (8, "id", "type"),
    ]


@pytest.mark.parametrize("name", ["none.jsonl", "none/*.txt"])
def test_a_missing_file_is_told(tmp_path: Path, name: str):
    with pytest.raises(InvalidData) as caught:
        read_documents(tmp_path / name)
    assert caught.value.faults[0].code in ("unreadable", "empty")
