"""The map of annotators: whom a line means, whom none means, and which lines cannot both hold."""

import json
from pathlib import Path

import pytest

from data.agreement.annotators import measure_annotators, shared_sentences
from data.commands import export_file, import_file
from data.exchange.annotator_map import read_annotator_map
from data.exchange.formats.fields.people import AnnotatorMap
from data.judgements.resolve import Status
from data.store.store import open_store
from model.errors import InvalidData

TEXT = "They must reopen the lock."


def rows(folder: Path, *rows: dict) -> str:
    path = folder / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def people(folder: Path, *lines: str) -> Path:
    path = folder / "map.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("ida,chief", ["Ida", "ida ", "IDA", "i\u200bda"]),
        ("Ida,chief", ["ida"]),
        ("ida@x.example,chief", ["Ida@X.example"]),
        ("jörg,chief", ["Jo\u0308rg", "JÖRG"]),
        ("Straße 1,chief", ["strasse  1"]),
        ("Set1-*,*", ["set1-chief", "SET1-Chief", " set1-chief"]),
        ("groß-*,*", ["GROSS-chief"]),
        ("team *,*", ["Team  chief"]),
    ],
)
def test_a_line_means_whoever_has_the_name_in_any_spelling(
    tmp_path: Path, line: str, names: list[str]
):
    found = AnnotatorMap(read_annotator_map(people(tmp_path, line)))

    assert [str(found.kept(name)).casefold() for name in names] == ["chief"] * len(names)


@pytest.mark.parametrize(
    ("lines", "name", "kept"),
    [
        (("set-*,*", "set-ida,chief"), "set-ida", "chief"),
        (("set-*,*", "set-two-*,*"), "set-two-ida", "ida"),
        (("ida,chief", "Ida ,Chief"), "IDA", "chief"),
        (("ida,Ida",), "ida", "Ida"),
        (("set-*,*",), "set-", None),
        (("ida,chief",), "idah", None),
    ],
)
def test_of_several_lines_the_one_that_says_most_holds(
    tmp_path: Path, lines: tuple[str, ...], name: str, kept: str | None
):
    found = AnnotatorMap(read_annotator_map(people(tmp_path, *lines)))

    assert found.kept(name) == kept


@pytest.mark.parametrize(
    "lines",
    [
        ("ida,Chief", "ida,Other"),
        ("ida,Chief", "Ida,Other"),
        ("ida,Chief", "ida ,Other"),
        ("set-*,ida", "SET-*,bo"),
        ("ida,bo", "Bo,cy"),
        ("ida,set-ida", "set-*,cy"),
        ("ida,bo", "bo,Ida"),
    ],
)
def test_lines_that_cannot_both_hold_are_refused(tmp_path: Path, lines: tuple[str, ...]):
    with pytest.raises(InvalidData):
        read_annotator_map(people(tmp_path, *lines))


def test_a_map_does_not_split_one_person_into_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = rows(
        tmp_path,
        {"text": TEXT, "labels": ["demand"], "annotator": "Ida", "at": "2026-01-01T00:00:00Z"},
        {"text": TEXT, "labels": [], "annotator": "ida", "at": "2026-01-02T00:00:00Z"},
    )
    store, names = tmp_path / "s.db", people(tmp_path, "ida,chief", "bo,robert", "x-*,*")

    assert import_file.main([path, "--store", str(store), "--annotators", str(names)]) == 0

    (held,) = open_store(store).resolved()
    assert (held.status, [vote.annotator for vote in held.votes]) == (Status.AGREED, ["chief"])
    assert "names of the map that nobody in the file has: 'bo', 'x-*'" in capsys.readouterr().out


def test_who_writes_a_name_in_two_ways_is_one_annotator_of_the_agreement(tmp_path: Path):
    path = rows(
        tmp_path,
        {"text": TEXT, "labels": [], "annotator": "Ida"},
        {"text": TEXT, "labels": [], "annotator": "bo"},
        {"text": "We thank you.", "labels": ["agreement"], "annotator": "ida"},
        {"text": "We thank you.", "labels": ["agreement"], "annotator": "Bo"},
    )
    import_file.main([path, "--store", str(tmp_path / "s.db")])

    shared = shared_sentences(open_store(tmp_path / "s.db").resolved())
    assert list(measure_annotators(shared).annotators.values()) == [2, 2]


def test_ids_of_argilla_are_found_in_any_spelling_of_a_name(tmp_path: Path):
    path = rows(tmp_path, {"text": TEXT, "labels": [], "annotator": "Ida"})
    store, out = str(tmp_path / "s.db"), tmp_path / "out.json"
    import_file.main([path, "--store", store])

    users = str(people(tmp_path, "ida,u-1"))
    command = [str(out), "--store", store, "--format", "argilla", "--users", users]
    assert export_file.main(command) == 0

    (record,) = json.loads(out.read_text("utf-8"))
    assert [each["user_id"] for each in record["responses"]["labels"]] == ["u-1"]


def test_a_decided_sentence_is_no_further_vote_however_its_annotator_is_written(tmp_path: Path):
    store = str(tmp_path / "s.db")
    import_file.main([rows(tmp_path, {"text": TEXT, "labels": [], "annotator": "ida"}),
                      "--store", store])  # fmt: skip
    decided = {"text": TEXT, "labels": [], "annotator": "Bo+Ida", "resolved": "agreed"}

    assert import_file.main([rows(tmp_path, decided), "--store", store]) == 0

    assert {event.annotator for event in open_store(store).events()} == {"ida"}


@pytest.mark.parametrize("first", ["set1-ida", "Set1-Ida"])
def test_one_person_in_two_data_sets_is_seen_in_any_spelling(tmp_path: Path, first: str):
    tasks = [
        {"text": TEXT, "accept": [], "answer": "accept", "_annotator_id": name}
        for name in (first, "set2-ida")
    ]

    assert import_file.main([rows(tmp_path, *tasks), "--store", str(tmp_path / "s.db")]) == 3
