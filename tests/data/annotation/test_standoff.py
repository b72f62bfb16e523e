"""Labels that stand apart from their texts find them again, and say what is missing."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from data.annotation.files import read_annotations
from data.annotation.standoff import REAL, StandoffLabel, join, read_standoff, read_texts
from data.commands.standoff import main
from model.errors import InvalidData
from model.stance import Stance


def label_of(text: str, *labels: Stance, doc: str = "d1") -> StandoffLabel:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return StandoffLabel(digest, "records", "page 4", doc, labels, hard=False, draw="random")


def test_a_text_gets_the_labels_of_its_hash():
    labels = [label_of("They must leave.", Stance.DEMAND), label_of("They met.")]

    joined = join(labels, ["They met.", "They must leave."])

    assert [(each.text, each.labels, each.doc) for each in joined.annotations] == [
        ("They met.", (), "d1"),
        ("They must leave.", ("demand",), "d1"),
    ]
    assert joined.annotations[1].extra == {
        "source": "records",
        "locator": "page 4",
        "draw": "random",
    }


def test_what_finds_no_counterpart_is_counted_and_copies_count_once():
    joined = join([label_of("A."), label_of("B.")], ["A.", "A.", "C.", "a."])

    assert (len(joined.annotations), joined.missing, joined.unlabelled) == (1, 1, 2)


def test_texts_come_from_jsonl_or_from_lines(tmp_path: Path):
    (tmp_path / "a.jsonl").write_text('{"text": "One."}\n{"text": "Two.", "more": 1}\n')
    (tmp_path / "a.txt").write_text("One.\n  Two.\n")
    packed = gzip.compress((tmp_path / "a.jsonl").read_bytes())
    (tmp_path / "a.jsonl.gz").write_bytes(packed)

    assert list(read_texts(tmp_path / "a.jsonl")) == ["One.", "Two."]
    assert list(read_texts(tmp_path / "a.jsonl.gz")) == ["One.", "Two."]
    assert list(read_texts(tmp_path / "a.txt")) == ["One.", "Two."]


def test_a_gzipped_file_that_was_cut_off_is_refused(tmp_path: Path):
    packed = gzip.compress(b'{"text": "One."}\n' * 1000)
    (tmp_path / "a.jsonl.gz").write_bytes(packed[:-20])

    with pytest.raises(InvalidData, match=r"a\.jsonl\.gz:0: file: unreadable"):
        list(read_texts(tmp_path / "a.jsonl.gz"))


@pytest.mark.parametrize(
    "row",
    [
        {
            "sha256": "00",
            "source": "s",
            "locator": "l",
            "doc": "d",
            "labels": [],
            "hard": False,
            "draw": "random",
        },
        {
            "sha256": "0" * 64,
            "source": "s",
            "locator": "l",
            "doc": "d",
            "labels": ["x"],
            "hard": 0,
            "draw": "random",
        },
        {"sha256": "0" * 64, "labels": []},
    ],
)
def test_a_faulty_row_is_told_with_its_line(tmp_path: Path, row: dict):
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps(row) + "\n")

    with pytest.raises(InvalidData, match=r"labels.jsonl:1"):
        read_standoff(path)


def test_the_command_writes_what_training_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    texts, labels, out = tmp_path / "t.txt", tmp_path / "l.jsonl", tmp_path / "out.jsonl"
    texts.write_text("They must leave.\nNobody labelled this.\n")
    digest = hashlib.sha256(b"They must leave.").hexdigest()
    row = {"sha256": digest, "source": "s", "locator": "l", "doc": "d", "labels": ["demand"]}
    labels.write_text(json.dumps({**row, "hard": True, "draw": "random"}) + "\n")

    code = main(["join", str(texts), "--labels", str(labels), "--to", str(out)])

    (annotation,) = read_annotations([out], unique=True)
    assert (code, annotation.labels, annotation.hard) == (0, ("demand",), True)
    assert "0 labels found no text, 1 texts have no label" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["l.jsonl", "out.jsonl", "t.txt"]


def test_a_failed_join_leaves_the_earlier_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "out.jsonl"
    out.write_text("earlier")

    code = main(["join", str(tmp_path / "none.txt"), "--to", str(out)])

    assert (code, out.read_text()) == (3, "earlier")
    assert "none.txt" in capsys.readouterr().err


def test_the_projects_own_labels_are_sound_and_hold_no_text():
    labels = [label for path in REAL for label in read_standoff(path)]

    assert len(labels) == len({each.sha256 for each in labels}) > 31_000
    assert all(each.register for each in labels)
    assert all(each.source and each.locator and each.doc for each in labels)
    assert {label for each in labels for label in each.labels} == set(Stance)


@pytest.mark.parametrize("line", ["", "[1]", "{", '"a"', '{"labels": 7}', "\ud800"])
def test_a_line_of_labels_that_is_not_a_label_ends_the_command_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
):
    good = {"sha256": "0" * 64, "source": "s", "locator": "l", "doc": "d", "labels": []}
    rows = [json.dumps({**good, "hard": False, "draw": "random"})] * 2
    labels, texts = tmp_path / "labels.jsonl", tmp_path / "t.txt"
    labels.write_bytes("\n".join([rows[0], line, rows[1]]).encode(errors="surrogatepass"))
    texts.write_text("They met.\n")

    code = main(["join", str(texts), "--labels", str(labels), "--to", str(tmp_path / "out.jsonl")])

    assert code == 3
    assert "labels.jsonl:2" in capsys.readouterr().err
    assert not (tmp_path / "out.jsonl").exists()
