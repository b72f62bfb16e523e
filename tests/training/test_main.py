"""The command line of training, as people run it."""

import json
from pathlib import Path

import pytest

from data.annotation.annotation import Annotation
from model.artifact.folder import Artifact
from model.registry.lock import one_at_a_time
from model.registry.registry import Registry
from training.__main__ import main


def write(path: Path, annotations: list[Annotation]) -> Path:
    rows = [
        {"text": a.text, "labels": list(a.labels), "doc": a.doc, "half": f"h{i % 2}"}
        for i, a in enumerate(annotations)
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def test_bad_annotations_are_all_told_and_nothing_is_trained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    data = tmp_path / "bad.jsonl"
    data.write_text('{"text": "a", "labels": ["demmand"]}\n{"text": ""}\nnonsense\n')

    code = main(["train", "--data", str(data), "--models", str(tmp_path / "models")])

    message = capsys.readouterr().err
    assert code == 3
    assert "bad.jsonl:1: labels: unknown_label: got 'demmand'; did you mean 'demand'?" in message
    assert "bad.jsonl:2: labels: missing" in message
    assert "bad.jsonl:3: row: json" in message
    assert not (tmp_path / "models").exists()


def test_too_little_data_has_its_own_exit_code(
    tmp_path: Path, toy_annotations: list[Annotation], capsys: pytest.CaptureFixture[str]
):
    data = write(tmp_path / "few.jsonl", toy_annotations[:24])

    assert main(["train", "--data", str(data), "--models", str(tmp_path / "models")]) == 7
    assert capsys.readouterr().err.startswith("error: ")
    assert not (tmp_path / "models").exists()


def test_while_another_runs_nothing_is_trained(
    tmp_path: Path, toy_annotations: list[Annotation], capsys: pytest.CaptureFixture[str]
):
    data, models = write(tmp_path / "toys.jsonl", toy_annotations), tmp_path / "models"

    with one_at_a_time(models, doing="promotion"):
        assert main(["train", "--data", str(data), "--models", str(models)]) == 5

    assert "another training or promotion runs (promotion, pid" in capsys.readouterr().err
    assert Registry(models).folders() == []


def test_evaluation_prints_one_table_for_each_value(
    tiny_artifact: Artifact,
    tmp_path: Path,
    toy_annotations: list[Annotation],
    capsys: pytest.CaptureFixture[str],
):
    data = write(tmp_path / "some.jsonl", toy_annotations[:60])

    code = main(
        ["evaluate", "--data", str(data), "--by", "half", "--model", str(tiny_artifact.folder)]
    )

    printed = capsys.readouterr().out
    assert code == 0
    assert "half: h0" in printed
    assert "half: h1" in printed
    assert printed.count("exact match") == 2


def test_evaluation_of_a_damaged_model_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["evaluate", "--model", str(tmp_path)]) == 3
    assert "COMPLETE" in capsys.readouterr().err
