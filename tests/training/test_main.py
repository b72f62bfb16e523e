"""The command line of training, as people run it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from data.annotation.annotation import Annotation
from data.annotation.split import split_annotations
from model.artifact.folder import Artifact
from model.registry.lock import one_at_a_time
from model.registry.registry import Registry
from training.__main__ import main, read_arguments
from training.commands.training_data import read_training_data
from training.recipe import read_recipe


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


def test_help_lists_every_command_and_imports_none(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main(["--help"])

    assert left.value.code == 0
    printed = capsys.readouterr().out
    files = (Path(__file__).parents[2] / "training" / "commands").glob("*.py")
    commands = [path.stem for path in files if "\ndef run(" in path.read_text()]
    assert len(commands) == 8
    assert all(f"\n    {name}" in printed for name in commands)


@pytest.mark.parametrize("content", [None, "{", "{}"], ids=["missing", "torn", "another"])
def test_a_study_that_cannot_be_read_is_told_before_anything_is_trained(
    tmp_path: Path,
    toy_annotations: list[Annotation],
    capsys: pytest.CaptureFixture[str],
    content: str | None,
):
    data, study = write(tmp_path / "toys.jsonl", toy_annotations), tmp_path / "study.json"
    if content is not None:
        study.write_text(content)
    models = tmp_path / "models"

    code = main(["train", "--data", str(data), "--study", str(study), "--models", str(models)])

    assert code == 3
    error = capsys.readouterr().err
    assert f"{study}:0: file: " in error
    assert "make study" in error
    assert not models.exists()


def test_annotations_that_are_never_tested_on_are_told_from_the_others(
    tmp_path: Path, toy_annotations: list[Annotation]
):
    paths = [
        write(tmp_path / f"{name}.jsonl", rows)
        for name, rows in (("a", toy_annotations[:320]), ("b", toy_annotations[320:]))
    ]
    options = read_arguments(["train", "--data", str(paths[0]), "--extra", str(paths[1])])
    recipe = read_recipe(options.recipe)

    data = read_training_data(options, replace(recipe, min_positives=5), {})

    own, extra = split_annotations(toy_annotations[:320]), toy_annotations[320:]
    assert [each.text for each in data.split.test] == [each.text for each in own.test]
    held = [*data.split.extra, *data.split.dev]
    assert {each.text for each in extra} <= {each.text for each in held}


def test_a_folder_for_transformers_is_never_written_over(
    tiny_artifact: Artifact, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    command = ["hf", str(tmp_path / "hf"), "--model", str(tiny_artifact.folder)]

    assert main(command) == 0
    assert main(command) == 3
    assert "exists already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["hf"]
