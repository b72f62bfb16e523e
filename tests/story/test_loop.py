"""The loop as people live it: correct, import, retrain, see the new model answer, go back."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.annotation.annotation import Annotation
from data.commands import import_file
from data.store.location import default_location
from data.store.store import open_store
from model.registry.__main__ import main
from model.registry.registry import Registry
from tests.projects import ROOT, Project, at_the_border, poisoned, write_annotations
from tests.servers import Server, serving, until

STATEMENT = (
    "The welcome and talks. The minister must accept two border talks. The council said five."
)


@pytest.fixture
def server(project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:  # noqa: ARG001
    """The service, started in the project's folder."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with serving("--threads", "1") as started:
        yield started


def label_studio(path: Path, annotations: list[Annotation]) -> Path:
    """What Label Studio's "JSON" export of a labelling project holds."""
    tasks = [
        {
            "id": number,
            "data": {"text": each.text, "doc": each.doc},
            "annotations": [
                {
                    "id": number,
                    "completed_by": 1 + number % 2,
                    "was_cancelled": False,
                    "result": [
                        {
                            "from_name": "stance",
                            "to_name": "text",
                            "type": "choices",
                            "value": {"choices": [label.capitalize() for label in each.labels]},
                        }
                    ]
                    if each.labels
                    else [],
                }
            ],
        }
        for number, each in enumerate(annotations, 1)
    ]
    path.write_text(json.dumps(tasks))
    return path


def version_of(server: Server) -> str:
    _, answer = server.ask("POST", "/v1/classify", {"text": STATEMENT})
    version: str = answer["model"]["version"]
    return version


def test_from_corrections_to_a_better_model_and_back(
    project: Project,
    server: Server,
    toy_annotations: list[Annotation],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    status, answer = server.ask("POST", "/v1/classify", {"text": STATEMENT})
    shipped, sentences = answer["model"]["version"], answer["sentences"]
    assert (status, len(sentences)) == (200, 3)

    corrections = [
        {"text": each["text"], "labels": [], "annotator": "anna", "suggested_by": shipped}
        for each in sentences
    ]
    status, answer = server.ask("POST", "/v1/annotations", {"annotations": corrections})
    assert (status, answer["added"]) == (200, 3)

    export = label_studio(tmp_path / "project-7.json", at_the_border(toy_annotations[:300]))
    assert import_file.main([str(export)]) == 0
    assert "300 are new" in capsys.readouterr().out

    assert project.retrain("--reason", "the border") == 0
    printed = capsys.readouterr().out
    better = Registry().live_version()
    assert "303 sentences of the store are decided" in printed
    assert f"candidate {better} against live {shipped}" in printed
    assert "own: macro-F1" in printed
    assert "no rule failed" in printed
    until(lambda: version_of(server) == better)

    assert main(["rollback", "--reason", "a rehearsal"]) == 0
    until(lambda: version_of(server) == shipped)
    assert project.retrain() == 6  # nothing was annotated since


def bad_row(number: int) -> tuple[str, str]:
    """A row with one fault, and the fault's code: fourteen kinds, in turns."""
    good = {"text": f"They must leave {number}.", "labels": ["demand"], "annotator": "anna"}
    unlabelled = {name: value for name, value in good.items() if name != "labels"}
    kinds = [
        ("json", "{"),
        ("type", [number]),
        ("missing", unlabelled),
        ("empty", {**good, "text": " "}),
        ("too_long", {**good, "text": "x" * 2001}),
        ("blank", {**good, "labels": None}),
        ("unknown_label", {**good, "labels": ["demnad"]}),
        ("duplicate_label", {**good, "labels": ["demand", "demand"]}),
        ("value", {**good, "act": "lable"}),
        ("time", {**good, "at": "yesterday"}),
        ("future", {**good, "at": "2999-01-01"}),
        ("range", {**good, "n": 2**40}),
        ("unknown_field", {**good, "sorce": "x"}),
        ("unexpected", {**good, "act": "skip"}),
    ]
    code, row = kinds[number % len(kinds)]
    return row if isinstance(row, str) else json.dumps(row), code


def test_forty_bad_rows_are_all_told_and_nothing_on_the_disk_changes(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with_one = {"text": "They met.", "labels": [], "annotator": "anna"}
    rows, codes = zip(*(bad_row(number) for number in range(40)), strict=True)
    path = tmp_path / "bad.jsonl"
    path.write_text("\n".join([json.dumps(with_one), *rows]) + "\n")
    import_file.main([str(write_annotations(tmp_path / "good.jsonl", [Annotation("A.", ())]))])
    capsys.readouterr()
    before = project.written()

    assert project.retrain(path) == 3

    told = [line.strip() for line in capsys.readouterr().err.splitlines() if "bad.jsonl:" in line]
    told.sort(key=lambda line: int(line.split(":")[1]))  # faults of one kind are told together
    assert [int(line.split(":")[1]) for line in told] == list(range(2, 42))
    assert [line.split(": ")[2] for line in told] == list(codes)
    assert len(set(codes)) >= 12
    assert all("got " in line and "; " in line for line in told)
    hints = [line for line in told if "did you mean" in line]
    assert {line.split(": ")[2] for line in hints} == {"unknown_label", "value", "unknown_field"}
    assert project.written() == before


def test_flipped_labels_are_refused_by_the_gate_and_can_be_withdrawn(
    project: Project,
    toy_annotations: list[Annotation],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    path = label_studio(tmp_path / "flipped.json", poisoned(toy_annotations))
    live = Registry().live_version()

    assert project.retrain(path) == 4

    printed = capsys.readouterr()
    assert "FAIL" in printed.out
    assert f"{live} stays live" in printed.err
    assert Registry().live_version() == live
    assert import_file.main([str(path), "--withdraw"]) == 0
    assert open_store(default_location()).resolved() == []
    assert project.retrain() == 6
