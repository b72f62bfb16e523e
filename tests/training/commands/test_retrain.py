"""Retraining as one command: new labels move the model, a worse model stays out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from data.annotation.annotation import Annotation
from data.annotation.split import split_annotations
from data.commands import import_file
from data.store.location import default_location
from data.store.store import open_store
from model.artifact.folder import Artifact, open_artifact
from model.registry.reading import read_folder
from model.registry.registry import Registry
from model.self_test import load_tested_classifier
from tests.projects import Project, at_the_border, poisoned, write_annotations
from training.measure.evaluate import macro_f1, predict

Run = Callable[..., int]


@pytest.fixture
def run(project: Project) -> Run:
    """Runs `retrain` in a project of its own."""
    return project.retrain


def test_new_labels_move_the_model_and_the_old_ones_stay(
    run: Run, tiny_artifact: Artifact, toy_annotations: list[Annotation], tmp_path: Path
):
    new = at_the_border(toy_annotations[:320])
    unseen, known = split_annotations(new).test, split_annotations(toy_annotations[64:]).test
    before = load_tested_classifier(tiny_artifact)

    assert run(write_annotations(tmp_path / "new.jsonl", new)) == 0

    after = load_tested_classifier(open_artifact(Registry().live()))
    assert after.manifest.provenance["start"] == tiny_artifact.manifest.version
    assert macro_f1(predict(after, unseen)) > macro_f1(predict(before, unseen)) + 0.2
    assert macro_f1(predict(after, known)) > macro_f1(predict(before, known)) - 0.03


def test_poisoned_annotations_are_refused_and_the_live_model_stays(
    run: Run,
    toy_annotations: list[Annotation],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    code = run(write_annotations(tmp_path / "bad.jsonl", poisoned(toy_annotations)))

    assert code == 4
    assert Registry().live() == Path("model/default")
    assert "FAIL" in capsys.readouterr().out


def test_the_same_annotations_again_are_nothing_new(
    run: Run, toy_annotations: list[Annotation], tmp_path: Path
):
    path = write_annotations(tmp_path / "new.jsonl", at_the_border(toy_annotations[:160]))

    assert run(path) == 0
    assert run(path) == 6
    assert run() == 6
    assert len(open_store(default_location()).events()) == 160


def test_it_learns_from_what_the_store_holds_and_corrections_of_the_corpus_count(
    run: Run, toy_annotations: list[Annotation], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    corpus = split_annotations(toy_annotations[64:])
    corrected = [replace(each, labels=(), doc=None) for each in [*corpus.train[:2], corpus.test[0]]]
    new = at_the_border(toy_annotations[:40])
    rows = [*corrected, *new]
    assert (
        import_file.main(
            [str(write_annotations(tmp_path / "a.jsonl", rows)), "--annotator", "anna"]
        )
        == 0
    )
    against = write_annotations(tmp_path / "b.jsonl", [replace(new[0], labels=())])
    import_file.main([str(against), "--annotator", "ben"])

    assert run() in (0, 4)  # whatever the gate says of so few

    printed = capsys.readouterr().out
    held_out = len(split_annotations(new[1:]).test) + 1
    decided = f"42 sentences of the store are decided, {held_out} of them are held out to judge"
    assert f"{decided}; {len(changed(corrected, toy_annotations))} correct the corpus" in printed
    assert "1 are conflicts and not learnt from" in printed
    (folder,) = Registry().folders()
    counts = read_folder(folder).provenance["counts"]
    assert sum(counts.values()) == len(toy_annotations[64:]) + len(new) - 1


def changed(corrected: list[Annotation], shipped: list[Annotation]) -> list[Annotation]:
    labels = {each.text: each.labels for each in shipped}
    return [each for each in corrected if labels[each.text] != each.labels]


def test_without_a_decided_annotation_there_is_nothing_to_do(run: Run):
    assert run() == 6
    assert not Path("var/models").exists()


def test_bad_rows_of_all_files_are_told_together_before_anything_is_written(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    good, *bad = (tmp_path / name for name in ("good.jsonl", "a.jsonl", "b.csv"))
    good.write_text('{"text": "a", "labels": []}\n')
    bad[0].write_text('{"text": "a", "labels": ["demmand"]}\n')
    bad[1].write_text("text,labels\nThey left.,criticsm\n")

    assert run(good, *bad) == 3

    told = capsys.readouterr().err
    assert "did you mean 'demand'?" in told
    assert "did you mean 'criticism'?" in told
    assert not Path("var").exists()


def test_the_valid_part_is_learnt_from_if_asked_for(
    run: Run, toy_annotations: list[Annotation], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = write_annotations(tmp_path / "a.jsonl", at_the_border(toy_annotations[:40]))
    path.write_text(path.read_text() + '\n{"text": "a", "labels": ["demmand"]}\n')

    assert run(path, "--accept-valid") in (0, 4)

    assert "did you mean 'demand'?" in capsys.readouterr().out
    assert len(open_store(default_location()).events()) == 40
