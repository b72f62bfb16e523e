"""Reading annotations: every fault of every row at once, and the project's own corpus sound."""

import json
from collections import Counter
from pathlib import Path

import pytest

from data.annotation.annotation import Annotation
from data.annotation.files import read_annotations
from data.annotation.split import part_of
from model.errors import InvalidData
from model.stance import STANCES

GOOD = {"id": "a-00", "text": "Ankara rejected the offer.", "labels": ["criticism"]}


def write(path: Path, *rows: object) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="surrogatepass")
    return path


def faults_of(path: Path, *, unique: bool = True) -> list[tuple[int, str, str]]:
    with pytest.raises(InvalidData) as caught:
        read_annotations([path], unique=unique)
    return [(fault.line, fault.field, fault.code) for fault in caught.value.faults]


def test_a_good_row_is_read(tmp_path: Path):
    held = {"label": "criticism", "holder": "Ankara", "target": "the offer", "voice": "reported"}
    row = {**GOOD, "doc": "a", "n": 0, "stances": [held], "year": 2001, "source_page": 7}

    (annotation,) = read_annotations([write(tmp_path / "a.jsonl", row)], unique=True)

    assert annotation.labels == ("criticism",)
    assert annotation.stances[0].holder == "Ankara"
    assert annotation.extra == {"source_page": 7}


def test_an_empty_list_of_labels_is_the_answer_none(tmp_path: Path):
    path = write(tmp_path / "a.jsonl", {"text": "They met in Sela.", "labels": []})

    assert read_annotations([path], unique=True)[0].labels == ()


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        ("{", "row", "json"),
        ("[1]", "row", "type"),
        ({"labels": []}, "text", "missing"),
        ({"text": "x"}, "labels", "missing"),
        ({**GOOD, "text": "  "}, "text", "empty"),
        ({**GOOD, "text": "x" * 2001}, "text", "too_long"),
        ({**GOOD, "text": "a\0b"}, "text", "character"),
        ({**GOOD, "text": 3}, "text", "type"),
        (
            {**GOOD, "text": "Das Land fordert den sofortigen Abzug aller Truppen vor Ort"},
            "text",
            "language",
        ),
        ({**GOOD, "labels": "criticism"}, "labels", "type"),
        ({**GOOD, "labels": None}, "labels", "type"),
        ({**GOOD, "labels": ["critisism"]}, "labels", "unknown_label"),
        ({**GOOD, "labels": [["criticism"]]}, "labels", "unknown_label"),
        ({**GOOD, "labels": ["criticism", "criticism"]}, "labels", "duplicate_label"),
        ({**GOOD, "year": 99}, "year", "range"),
        ({**GOOD, "year": True}, "year", "type"),
        ({**GOOD, "hard": "no"}, "hard", "type"),
        ({**GOOD, "regsiter": "cable"}, "regsiter", "unknown_field"),
        ({**GOOD, "stances": []}, "stances", "labels_differ"),
        ({**GOOD, "stances": [{"label": "criticism"}]}, "stances", "fields"),
    ],
)
def test_each_kind_of_bad_row_is_told(tmp_path: Path, row: object, field: str, code: str):
    other = {**GOOD, "id": "b-00", "text": "Another sentence."}

    assert faults_of(write(tmp_path / "a.jsonl", other, row)) == [(2, field, code)]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"holder": "Baku"}, "stances.holder"),
        ({"target": "author"}, "stances.target"),
        ({"voice": "loud"}, "stances.voice"),
    ],
)
def test_holder_and_target_are_spans_of_the_text(tmp_path: Path, change: dict, code: str):
    held = {"label": "criticism", "holder": "Ankara", "target": "the offer", "voice": "own"}

    faults = faults_of(write(tmp_path / "a.jsonl", {**GOOD, "stances": [{**held, **change}]}))

    assert [field for _, field, _ in faults] == [code]


def test_a_blank_line_is_a_fault_between_rows_and_none_at_the_end(tmp_path: Path):
    other = {**GOOD, "id": "b-00", "text": "Another sentence."}

    assert faults_of(write(tmp_path / "a.jsonl", GOOD, " ", other)) == [(2, "row", "blank")]
    assert faults_of(write(tmp_path / "a.jsonl", "", "")) == [
        (1, "row", "blank"),
        (2, "row", "blank"),
    ]
    assert (
        len(read_annotations([write(tmp_path / "a.jsonl", GOOD, other, "", " ")], unique=True)) == 2
    )


def test_a_byte_order_mark_is_passed_over(tmp_path: Path):
    path = write(tmp_path / "a.jsonl", GOOD)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert [each.text for each in read_annotations([path], unique=True)] == [GOOD["text"]]


def test_a_number_of_too_many_digits_is_a_fault_and_no_traceback(tmp_path: Path):
    assert faults_of(write(tmp_path / "a.jsonl", '{"year": ' + "1" * 5_000 + "}"))[0][2] == "json"


def test_all_faults_of_all_files_come_at_once(tmp_path: Path):
    first = write(tmp_path / "a.jsonl", {**GOOD, "labels": ["x", "y"]}, "{", GOOD)
    second = write(tmp_path / "b.jsonl", {"text": ""})

    with pytest.raises(InvalidData) as caught:
        read_annotations([first, second], unique=True)

    assert [(Path(f.file).name, f.line) for f in caught.value.faults] == [
        ("a.jsonl", 1),
        ("a.jsonl", 1),
        ("a.jsonl", 2),
        ("b.jsonl", 1),
    ]
    assert "a.jsonl:2" in str(caught.value)


def test_a_misspelt_label_gets_a_suggestion(tmp_path: Path):
    with pytest.raises(InvalidData, match="did you mean 'criticism'"):
        read_annotations(
            [write(tmp_path / "a.jsonl", {**GOOD, "labels": ["Criticsm"]})], unique=True
        )


def test_the_same_sentence_twice_is_a_fault_for_training_only(tmp_path: Path):
    path = write(
        tmp_path / "a.jsonl", GOOD, {**GOOD, "id": "b", "text": "ankara  rejected the OFFER."}
    )

    assert faults_of(path) == [(2, "text", "duplicate")]
    assert len(read_annotations([path], unique=False)) == 2


def test_the_same_id_twice_always_is(tmp_path: Path):
    path = write(tmp_path / "a.jsonl", GOOD, {**GOOD, "text": "Another."})

    assert faults_of(path, unique=False) == [(2, "id", "duplicate")]


def test_two_sentences_at_one_place_of_a_document_are_a_fault(tmp_path: Path):
    rows = [{"text": f"They met in {town}.", "labels": [], "doc": "a", "n": 3} for town in "XY"]

    assert faults_of(write(tmp_path / "a.jsonl", *rows), unique=False) == [(2, "n", "duplicate")]


def test_nearly_the_same_sentence_in_two_parts_of_the_split_is_a_fault(tmp_path: Path):
    line = (
        "The minister of the north welcomed the accord on the old border between "
        "the two seas on Monday at {}."
    )
    parts: dict[str, str] = {}
    for i in range(40):
        parts.setdefault(part_of(f"d{i}"), f"d{i}")

    def rows(one: str, other: str) -> list[dict]:
        return [
            {"text": line.format("noon"), "labels": [], "doc": parts[one]},
            {"text": line.format("dusk"), "labels": [], "doc": parts[other]},
        ]

    leaky = write(tmp_path / "a.jsonl", *rows("train", "test"))
    sound = write(tmp_path / "b.jsonl", *rows("train", "train"))

    assert faults_of(leaky) == [(2, "text", "near_duplicate")]
    assert len(read_annotations([leaky], unique=False)) == 2
    assert len(read_annotations([sound], unique=True)) == 2


@pytest.mark.parametrize("content", [b"\xff\xfe\n", b"\x80"])
def test_a_file_that_is_not_utf8_is_told(tmp_path: Path, content: bytes):
    (tmp_path / "a.jsonl").write_bytes(content)

    assert {code for _, _, code in faults_of(tmp_path / "a.jsonl")} == {"encoding"}


def test_a_missing_file_is_told(tmp_path: Path):
    assert faults_of(tmp_path / "none.jsonl") == [(0, "file", "unreadable")]


def test_the_corpus_is_large_mixed_and_annotated_throughout(corpus: list[Annotation]):
    shares = Counter(label for each in corpus for label in each.labels or ("none",))

    assert len(corpus) >= 3000
    documents = {each.doc for each in corpus}
    assert len(documents) >= 280
    assert len({each.doc for each in corpus if each.fictional}) >= 0.6 * len(documents)
    assert 0.40 <= shares["none"] / len(corpus) <= 0.50
    assert all(shares[stance] / len(corpus) >= 0.15 for stance in STANCES)
    assert all(
        each.id and each.doc and each.register and each.year and each.annotator for each in corpus
    )
    assert len({each.register for each in corpus}) >= 12


def test_documents_of_the_corpus_run_on_without_gaps(corpus: list[Annotation]):
    places: dict[str, list[int]] = {}
    for each in corpus:
        places.setdefault(str(each.doc), []).append(each.n or 0)

    assert all(sorted(numbers) == list(range(len(numbers))) for numbers in places.values())
    assert all(8 <= len(numbers) <= 15 for numbers in places.values())


def test_every_stance_of_the_corpus_says_who_holds_it(corpus: list[Annotation]):
    assert all({s.label for s in each.stances} == set(each.labels) for each in corpus)
    assert all(s.voice == "own" for each in corpus for s in each.stances if s.holder == "author")
