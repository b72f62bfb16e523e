"""Batch scoring: every record once, in order, with all that the service tells; the rest is told."""

import csv
import io
import json
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest

from model.errors import InvalidData, Locked, OutputRefused
from serve.archive import parts
from serve.archive.check import check_archive
from serve.archive.errors import DiskFull, InputChanged, JobDiffers
from serve.archive.inputs.record import ReadOptions
from serve.archive.progress import FinishedPart
from serve.archive.request import Request
from serve.archive.work_folder import WorkFolder
from tests.fakes import FakeClassifier, NamingEngine
from tests.serve.archive.archives import (
    ROWS,
    NoProgress,
    lines,
    many,
    rejects,
    score,
    write_csv,
    write_jsonl,
    write_parquet,
)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_DOCUMENTS", 3)


def test_every_sentence_becomes_a_row_with_its_documents_id_and_fields(tmp_path: Path):
    source = write_jsonl(tmp_path / "in.jsonl", *ROWS)
    output = tmp_path / "out.jsonl"

    outcome = score(source, output)

    rows = lines(output)
    assert [(r["id"], r["index"], r["actor"]) for r in rows] == [
        ("a", 0, "north"),
        ("a", 1, "north"),
        ("b", 0, "south"),
    ]
    assert rows[1]["labels"] == ["demand"]
    assert rows[1]["text"] == ROWS[0]["text"][rows[1]["start"] : rows[1]["end"]]
    assert outcome.counts["rows"] == 3
    assert not outcome.rejects
    assert {p.name for p in tmp_path.iterdir()} == {
        "in.jsonl",
        "out.jsonl",
        "out.jsonl.manifest.json",
    }


def test_rows_tell_what_the_service_tells(tmp_path: Path):
    text = (
        "MR. ODAL: We voice\nagreement.\n\n(a) They\nmet.\n\nLa réunion a été une grande réussite."
    )
    source = write_jsonl(tmp_path / "in.jsonl", {"id": 1, "text": text})

    score(source, tmp_path / "out.jsonl")

    rows = lines(tmp_path / "out.jsonl")
    assert [row["kind"] for row in rows][:2] == ["speaker", "sentence"]
    assert rows[1]["speaker"] == "MR. ODAL"
    assert {row["id"] for row in rows} == {1}
    assert rows[-1]["language"] == "fr"
    assert "language" not in rows[1]


def test_fields_with_names_of_ours_are_renamed(tmp_path: Path):
    row = {"id": "a", "text": "They met.", "speaker": "Odal", "labels": ["x"], "note": None}
    source = write_jsonl(tmp_path / "in.jsonl", row)

    score(source, tmp_path / "out.jsonl")

    (only,) = lines(tmp_path / "out.jsonl")
    assert (only["input_speaker"], only["input_labels"], only["note"]) == ("Odal", ["x"], None)
    assert only["labels"] == []


def test_documents_have_the_sums_of_their_sentences(tmp_path: Path):
    source = write_jsonl(tmp_path / "in.jsonl", *ROWS)

    score(source, tmp_path / "out.jsonl", rows="documents")

    first, second = lines(tmp_path / "out.jsonl")
    assert (first["sentences"], first["agreement"], first["demand"], first["none"]) == (2, 1, 1, 0)
    assert first["scores"]["criticism"] == pytest.approx(0.1)
    assert (second["none"], second["actor"], second["characters"]) == (1, "south", 8)


def test_tables_have_the_same_rows(tmp_path: Path):
    source = write_jsonl(tmp_path / "in.jsonl", *ROWS, {"id": 3, "text": "Met.", "year": "x"})

    for name in ("out.jsonl", "out.csv", "out.parquet"):
        score(source, tmp_path / name)

    plain = lines(tmp_path / "out.jsonl")
    table = pq.read_table(tmp_path / "out.parquet").to_pylist()
    cells = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text())))
    assert [r["text"] for r in plain] == [r["text"] for r in table] == [r["text"] for r in cells]
    assert [r["labels"] for r in plain] == [r["labels"] for r in table]
    assert [r["labels"] for r in cells] == ["agreement", "demand", "none", "none"]
    assert [r["scores"]["demand"] for r in plain] == [r["score_demand"] for r in table]
    # a column of numbers and words is words, as JSON
    assert [r["year"] for r in table] == ["1", "1", "2", '"x"']
    assert [r["id"] for r in cells] == ["a", "a", "b", "3"] or cells[-1]["id"] == "3"


def test_the_format_of_the_input_does_not_matter(tmp_path: Path):
    rows = [{k: str(v) for k, v in row.items()} for row in many(40)]
    write_jsonl(tmp_path / "in.jsonl", *rows)
    write_csv(tmp_path / "in.csv", rows)
    write_parquet(tmp_path / "in.parquet", rows)

    written = set()
    for ending in (".jsonl", ".csv", ".parquet"):
        output = tmp_path / f"out{ending}.jsonl"
        score(tmp_path / f"in{ending}", output)
        written.add(output.read_bytes())

    assert len(written) == 1


def test_bad_records_never_stop_the_run_and_each_is_told(tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    write_jsonl(folder / "a.jsonl", *many(20), "{", {"id": "x"}, {"id": "doc3", "text": "Again."})
    (folder / "b.gz").write_bytes(b"\x1f\x8bxxxxxxxxxxxxxxxx")
    (folder / "c.txt").write_text("They met.")

    outcome = score(folder, tmp_path / "out.jsonl")

    told = [(r["file"], r["line"], r["code"]) for r in rejects(tmp_path / "out.jsonl")]
    assert told == [
        ("a.jsonl", 21, "json"),
        ("a.jsonl", 22, "type"),
        ("a.jsonl", 23, "duplicate"),
        ("b.gz", 0, "format"),
    ]
    assert outcome.rejects == 4
    assert outcome.counts["documents"] == 21
    assert lines(tmp_path / "out.jsonl")[-1]["file"] == "c.txt"


def test_a_document_that_breaks_the_engine_is_rejected_alone(tmp_path: Path):
    class Fragile(NamingEngine):
        def score(self, text: str):
            logits = super().score("" if "BREAK" in text else text)
            return logits * float("nan") if "BREAK" in text else logits

    rows = [{"id": n, "text": "BREAK it." if n == 5 else f"Number {n} met."} for n in range(20)]
    source = write_jsonl(tmp_path / "in.jsonl", *rows)

    outcome = score(source, tmp_path / "out.jsonl", classifier=FakeClassifier(Fragile()))

    assert outcome.rejected == {"engine": 1}
    (told,) = rejects(tmp_path / "out.jsonl")
    assert (told["id"], told["line"], told["record"]) == (5, 6, 6)
    assert [row["id"] for row in lines(tmp_path / "out.jsonl")] == [n for n in range(20) if n != 5]


def test_repeated_sentences_are_scored_once(tmp_path: Path):
    engine = NamingEngine()
    rows = [{"id": n, "text": "They met. They voiced agreement."} for n in range(50)]
    source = write_jsonl(tmp_path / "in.jsonl", *rows)

    score(source, tmp_path / "out.jsonl", classifier=FakeClassifier(engine))

    asked = [text for call in engine.calls for text in call]
    assert set(asked) == {"They met.", "They voiced agreement."}
    assert len(asked) <= 4  # two threads may ask for the same at the same time
    assert [row["labels"] for row in lines(tmp_path / "out.jsonl")] == [[], ["agreement"]] * 50


def stop_after(number: int) -> NoProgress:
    """Progress that stops the run, as Ctrl-C does, once a part is committed."""

    class Stopping(NoProgress):
        def advance(self, part: FinishedPart) -> None:
            super().advance(part)
            if part.number == number:
                raise KeyboardInterrupt

    return Stopping()


@pytest.mark.parametrize("ending", [".jsonl", ".csv", ".parquet"])
def test_a_stopped_run_goes_on_and_gives_the_same_bytes(tmp_path: Path, ending: str):
    source = write_jsonl(tmp_path / "in.jsonl", *many(60), "{", *many(3))
    whole, output = tmp_path / f"whole{ending}", tmp_path / f"out{ending}"
    score(source, whole)

    with pytest.raises(KeyboardInterrupt):
        score(source, output, progress=stop_after(3))
    assert not output.exists()
    again = NoProgress()
    outcome = score(source, output, progress=again)

    assert again.parts[0] == 4
    assert output.read_bytes() == whole.read_bytes()
    assert rejects(output) == rejects(whole)
    assert outcome.counts["documents"] == 60  # of both runs together
    assert not WorkFolder(output).path.exists()


def test_a_damaged_part_is_scored_again_and_the_later_ones_are_not(tmp_path: Path):
    source = write_jsonl(tmp_path / "in.jsonl", *many(60))
    score(source, tmp_path / "whole.jsonl")
    output = tmp_path / "out.jsonl"
    with pytest.raises(KeyboardInterrupt):
        score(source, output, progress=stop_after(5))
    part = WorkFolder(output).path / "000" / "000002.part"
    part.write_bytes(part.read_bytes().replace(b"criticism", b"criticisM"))
    engine = NamingEngine()

    score(source, output, classifier=FakeClassifier(engine))

    assert output.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"classifier": FakeClassifier(version="v2")}, "model.version: v1 then, v2 now"),
        ({"numerics": "other bits"}, "engine.numerics"),
        ({"rows": "documents"}, "options.rows"),
        ({"read": ReadOptions(encoding="latin-1")}, "options.encoding"),
    ],
)
def test_a_run_of_something_else_is_refused_or_started_over(
    tmp_path: Path, change: dict, named: str
):
    source, output = write_jsonl(tmp_path / "in.jsonl", *many(60)), tmp_path / "out.jsonl"
    with pytest.raises(KeyboardInterrupt):
        score(source, output, progress=stop_after(3))

    with pytest.raises(JobDiffers, match=named) as caught:
        score(source, output, **change)
    assert "RESTART=1" in str(caught.value)
    assert WorkFolder(output).done(3) is not None  # nothing was touched

    seen = NoProgress()
    score(source, output, restart=True, progress=seen, **change)
    assert seen.parts[0] == 0


def test_an_input_that_changed_since_is_refused_by_name(tmp_path: Path):
    source, output = write_jsonl(tmp_path / "in.jsonl", *many(60)), tmp_path / "out.jsonl"
    with pytest.raises(KeyboardInterrupt):
        score(source, output, progress=stop_after(3))
    write_jsonl(source, *many(61))

    with pytest.raises(JobDiffers, match=r"inputs\[in.jsonl\].size"):
        score(source, output)


def test_an_input_that_changes_under_the_run_is_noticed(tmp_path: Path):
    source, output = write_jsonl(tmp_path / "in.jsonl", *many(60)), tmp_path / "out.jsonl"

    class Appending(NoProgress):
        def advance(self, part: FinishedPart) -> None:
            super().advance(part)
            source.write_bytes(source.read_bytes() + b"{}\n")

    with pytest.raises(InputChanged, match=r"in\.jsonl"):
        score(source, output, progress=Appending())
    assert not output.exists()


def test_an_output_that_is_there_is_kept_unless_it_is_to_be_replaced(tmp_path: Path):
    source, output = write_jsonl(tmp_path / "in.jsonl", *ROWS), tmp_path / "out.jsonl"
    output.write_text("old\n")

    with pytest.raises(OutputRefused, match="OVERWRITE=1"):
        score(source, output)
    assert output.read_text() == "old\n"
    assert not WorkFolder(output).path.exists()

    score(source, output, overwrite=True)
    assert len(lines(output)) == 3


def test_the_same_command_after_all_is_done_says_so(tmp_path: Path):
    source, output = write_jsonl(tmp_path / "in.jsonl", *ROWS, "{"), tmp_path / "out.jsonl"
    engine = NamingEngine()
    score(source, output)

    outcome = score(source, output, classifier=FakeClassifier(engine))

    assert outcome.before
    assert (outcome.counts["rows"], outcome.rejects) == (3, 1)
    assert engine.calls == []


@pytest.mark.parametrize("name", ["out.xlsx", "out", "out.jsonl.gz", "absent/out.jsonl"])
def test_an_output_that_cannot_be_is_refused_before_anything_is_read(tmp_path: Path, name: str):
    with pytest.raises(OutputRefused):
        score(tmp_path / "none.jsonl", tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_an_input_is_never_replaced(tmp_path: Path):
    source = write_jsonl(tmp_path / "in.jsonl", *ROWS)

    with pytest.raises(OutputRefused, match="is read"):
        score(source, source, overwrite=True)
    assert lines(source) == ROWS
    assert list(tmp_path.iterdir()) == [source]


def test_two_runs_do_not_write_the_same_output(tmp_path: Path):
    source, output = write_jsonl(tmp_path / "in.jsonl", *ROWS), tmp_path / "out.jsonl"

    with WorkFolder(output).locked(), pytest.raises(Locked):
        score(source, output)


def test_a_disk_too_small_is_told_before_work_is_wasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    source = write_jsonl(tmp_path / "in.jsonl", *many(60))
    usage = SimpleNamespace(free=1000)
    monkeypatch.setattr("serve.archive.request.shutil.disk_usage", lambda _: usage)

    with pytest.raises(DiskFull, match="1,000 bytes free"):
        score(source, tmp_path / "out.jsonl")
    assert not WorkFolder(tmp_path / "out.jsonl").path.exists()


def test_a_disk_that_fills_up_keeps_what_is_scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    source, output = write_jsonl(tmp_path / "in.jsonl", *many(60)), tmp_path / "out.jsonl"
    score(source, tmp_path / "whole.jsonl")
    keep = WorkFolder.commit

    def full(self: WorkFolder, scored):  # noqa: ANN001
        if scored.number == 4:
            raise OSError(28, "No space left on device")
        return keep(self, scored)

    with monkeypatch.context() as patch:
        patch.setattr(WorkFolder, "commit", full)
        with pytest.raises(DiskFull, match="same command goes on"):
            score(source, output)
    seen = NoProgress()
    score(source, output, progress=seen)

    assert seen.parts[0] == 4
    assert output.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_an_archive_without_a_record_that_can_be_scored_gives_rejects_and_no_output(tmp_path: Path):
    source, output = write_jsonl(tmp_path / "in.jsonl", "{", {"id": 1}), tmp_path / "out.jsonl"

    with pytest.raises(InvalidData) as caught:
        score(source, output)

    assert [fault.line for fault in caught.value.faults] == [1, 2]
    assert len(rejects(output)) == 2
    assert not output.exists()


def test_a_check_reads_everything_and_writes_nothing(tmp_path: Path):
    source = write_jsonl(tmp_path / "in.jsonl", *ROWS, "{", {"id": "a", "text": "Again."})

    checked = check_archive(Request(str(source), tmp_path / "out.jsonl"))

    assert (checked.documents, checked.files) == (2, 1)
    assert checked.rejected == {"json": 1, "duplicate": 1}
    assert [fault.line for fault in checked.faults] == [3, 4]
    assert list(tmp_path.iterdir()) == [source]


def test_what_comes_by_a_pipe_is_scored_and_a_stopped_run_of_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    output = tmp_path / "out.jsonl"
    content = "".join(json.dumps(row) + "\n" for row in many(60)).encode()

    def piped(progress: NoProgress) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        score("-", output, progress=progress)

    with pytest.raises(KeyboardInterrupt):
        piped(stop_after(2))
    seen = NoProgress()
    piped(seen)

    assert seen.parts[0] == 3
    assert len({row["id"] for row in lines(output)}) == 60
    assert not WorkFolder(output).path.exists()


def test_the_manifest_says_what_the_output_is_of(tmp_path: Path):
    source, output = write_jsonl(tmp_path / "in.jsonl", *ROWS, "{"), tmp_path / "out.jsonl"

    score(source, output)

    manifest = json.loads((tmp_path / "out.jsonl.manifest.json").read_text())
    assert manifest["counts"]["agreement"] == 1
    assert manifest["rejected"] == {"json": 1}
    assert manifest["job"]["engine"]["numerics"] == "bits"
    assert manifest["job"]["inputs"][0]["name"] == "in.jsonl"
    assert manifest["output"]["bytes"] == output.stat().st_size
