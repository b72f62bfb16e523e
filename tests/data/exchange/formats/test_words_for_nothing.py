"""Names that other programs use for nothing: kept, wherever a file can say nothing otherwise."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from data.commands import export_file, import_file
from data.exchange.exporting import write_rows
from data.exchange.formats.choose import FORMATS
from data.exchange.formats.fields.options import ReadOptions, parse_names
from data.exchange.importing import Source, named_by_file, read_source
from data.judgements.event import event_row, parse_event
from data.judgements.rows_to_events import Intake
from data.store.store import open_store

NOW = datetime(2026, 11, 26, tzinfo=UTC)
WORDS = ["NA", "Nan", "nan", "NaN", "none", "None", "null", "NULL", "n/a", "<NA>", "NaT", "nil"]
WRITTEN = [name for name, form in FORMATS.items() if form.write]


def read(path: Path, **said: object) -> Intake:
    return read_source(Source(path, options=ReadOptions(**said)), now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_exported_comes_back_whatever_its_words(tmp_path: Path, name: str, word: str):
    rows: list[dict] = [
        {"text": word, "labels": ["demand"], "annotator": word, "doc": word, "n": 1, "team": word},
        {"text": "We left.", "labels": [], "annotator": word, "doc": word, "id": word},
    ]
    said = [
        parse_event({**r, "at": "2026-01-01T00:00:00Z"}, file="", line=1, now=NOW) for r in rows
    ]
    form = FORMATS[name]
    write_rows([event_row(each) for each in said], tmp_path / "out", form)

    again = read_source(Source(tmp_path / "out", name), now=NOW)

    assert (again.faults, again.unkept.get("lost")) == ([], None)
    assert {each.id for each in again.events} == {each.id for each in said}
    assert [each.details for each in again.events] == [each.details for each in said]


@pytest.mark.parametrize("word", WORDS)
def test_where_nulls_are_typed_a_word_is_a_name(tmp_path: Path, word: str):
    labels = [["demand"], ["demand"]]
    columns = {"text": [word, "We left."], "labels": labels, "annotator": [word, None], "doc": word}
    pq.write_table(pa.table({**columns, "doc": [word, None]}), tmp_path / "a.parquet")
    book = Workbook()
    for cells in (("text", "labels", "annotator", "doc"), (word, "demand", word, word)):
        book.active.append(cells)
    book.save(tmp_path / "a.xlsx")
    chosen = {"from_name": "labels", "type": "choices", "value": {"choices": ["demand"]}}
    answer = {"completed_by": {"email": word}, "result": [chosen]}
    task = {"data": {"text": word, "doc": word}, "annotations": [answer]}
    (tmp_path / "a.json").write_text(json.dumps([task]))
    row = {"text": word, "labels": ["demand"], "annotator": word, "doc": word}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))

    for file in ("a.parquet", "a.xlsx", "a.json", "a.jsonl"):
        intake = read(tmp_path / file)
        first = intake.events[0]
        assert (intake.faults, dict(intake.unkept)) == ([], {})
        assert (first.text, first.annotator, first.doc) == (word, word, word)


@pytest.mark.parametrize("word", ["NA", "Nan", "none", "NAN", "nil"])
def test_in_a_table_of_text_a_name_is_kept_and_pointed_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], word: str
):
    (tmp_path / "a.csv").write_text(f"text,labels,annotator,doc\nWe left.,none,{word},{word}\n")
    place = tmp_path / "s.db"

    assert import_file.main([str(tmp_path / "a.csv"), "--store", str(place)]) == 0

    (event,) = open_store(place).events()
    assert (event.annotator, event.doc) == (word, word)
    assert f"annotator {word!r} (1 judgements) is kept as a name" in capsys.readouterr().out


@pytest.mark.parametrize("word", ["nan", "NaN", "<NA>", "None", "NULL", "N/A"])
def test_in_a_table_of_text_what_programs_fill_in_is_nobody_and_counted(tmp_path: Path, word: str):
    (tmp_path / "a.csv").write_text(f"text,labels,annotator,doc\nWe left.,none,{word},{word}\n")

    intake = read(tmp_path / "a.csv")

    (event,) = named_by_file(intake.events)
    assert event.annotator.startswith("unnamed-")
    assert event.doc is None
    assert intake.unkept == {f"`{word}` as an empty annotator": 1, f"`{word}` as an empty doc": 1}


def test_the_store_knows_its_own_export_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    row = {"text": "We left.", "labels": [], "annotator": "NA", "doc": "NA"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row))
    store = ["--store", str(tmp_path / "s.db")]
    import_file.main([str(tmp_path / "a.jsonl"), *store])
    for name in ("out.csv", "out.tsv", "folder"):
        export_file.main([str(tmp_path / name), *store])
        capsys.readouterr()
        assert import_file.main([str(tmp_path / name), *store]) == 0
        assert "0 are new, 1 were known" in capsys.readouterr().out


def test_a_word_for_nothing_can_be_given_a_meaning_as_a_label(tmp_path: Path):
    (tmp_path / "a.csv").write_text("text,labels\nWe left.,NA\nWe stay.,nan\n")

    intake = read(tmp_path / "a.csv", names=parse_names("NA=none;nan=demand"))

    assert [list(each.labels) for each in intake.events] == [[], ["demand"]]
