"""Promotion and rollback as people run them: a worse model stays out, and nothing is half done."""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from data.annotation.annotation import Annotation
from data.annotation.behaviour_suite import Case
from data.annotation.split import split_annotations
from model.artifact.folder import (
    COMPLETE,
    GOLDEN,
    MANIFEST,
    Artifact,
    new_artifact,
    open_artifact,
    seal,
)
from model.classifier import load_classifier
from model.decide.calibration import Platt
from model.errors import Locked
from model.registry import __main__ as registry_commands
from model.registry.history import Action, RegistryEvent, now
from model.registry.lock import one_at_a_time
from model.registry.reading import read_folder
from model.registry.registry import SHIPPED, Registry
from model.stance import STANCES
from training import __main__ as training_commands
from training.promotion.compare import EvaluationSet
from training.promotion.limits import LIMITS, read_limits
from training.promotion.promote import PromotionRequest, promote

ROOT = Path(__file__).parents[3]
ROOMY = {
    "calibration_error = 5.0": "calibration_error = 30.0",
    "time_ratio = 1.25": "time_ratio = 9",
}


def reissue(tiny: Artifact, models: Path, version: str, *, hour: int, **changes: Any) -> Path:
    """The tiny model under another version, its manifest changed, and golden for what it became."""
    folder = models / version
    started = f"2026-12-01T{hour:02}:00:00+00:00"  # after the shipped model's
    manifest = replace(tiny.manifest, version=version, provenance={"started": started}, **changes)
    texts = [text for text, _ in tiny.golden()]
    with new_artifact(folder) as temporary:
        left_out = shutil.ignore_patterns("hf", "report", MANIFEST, COMPLETE)
        shutil.copytree(tiny.folder, temporary, ignore=left_out, dirs_exist_ok=True)
        scored = load_classifier(Artifact(temporary, manifest), threads=1).classify_each(texts)
        rows = [
            {"text": row.sentence.text, "scores": dict(zip(STANCES, row.scores, strict=True))}
            for row in scored
        ]
        (temporary / GOLDEN).write_text("\n".join(json.dumps(row) for row in rows))
        seal(temporary, manifest)
    return folder


def poison(tiny: Artifact, models: Path, *, hour: int = 9) -> Path:
    """What training on flipped labels gives: sure of the opposite, and sound in all else."""
    flipped = tuple(Platt(-each.slope, -each.intercept) for each in tiny.manifest.calibration)
    return reissue(tiny, models, "poisoned", hour=hour, calibration=flipped)


@pytest.fixture
def registry(tmp_path: Path, tiny_artifact: Artifact) -> Registry:
    """The model named old is live; the model named new is an equal candidate."""
    made = Registry(tmp_path / "models")
    reissue(tiny_artifact, made.models, "old", hour=1)
    reissue(tiny_artifact, made.models, "new", hour=2)
    shipped = read_folder(SHIPPED).version
    made.record(RegistryEvent(now(), "setup", Action.PROMOTE, shipped, "old", ""))
    return made


def toy_cases(annotations: list[Annotation]) -> list[Case]:
    """Critical cases that a model of the toy language passes, most of them."""
    return [
        Case(f"toy-{i}", "toy", "1", "mft", True, (each.text,), {"demand": "demand" in each.labels})
        for i, each in enumerate(annotations[64:96])
    ]


@pytest.fixture(scope="module")
def flags(tmp_path_factory: pytest.TempPathFactory, toy_annotations: list[Annotation]) -> list[str]:
    """The toy language's test documents and suite in place of the corpus's."""
    folder = tmp_path_factory.mktemp("evaluation")
    rows = [{"text": a.text, "labels": list(a.labels), "doc": a.doc} for a in toy_annotations]
    (folder / "toy.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    (folder / "behaviour").mkdir()
    cases = [asdict(each) for each in toy_cases(toy_annotations)]
    for case in cases:
        (case["text"],) = case.pop("texts")
        del case["label"]
    (folder / "behaviour" / "toy.jsonl").write_text("\n".join(json.dumps(c) for c in cases))
    limits = LIMITS.read_text(encoding="utf-8")
    for old, new in ROOMY.items():  # a toy's calibration is rough, and a toy's speed is noise
        assert old in limits
        limits = limits.replace(old, new)
    (folder / "gates.toml").write_text(limits, encoding="utf-8")
    paths = {"data": "toy.jsonl", "behaviour": "behaviour", "gates": "gates.toml"}
    return [part for name, path in paths.items() for part in (f"--{name}", str(folder / path))]


Run = Callable[..., int]


@pytest.fixture
def run(registry: Registry, flags: list[str]) -> Run:
    def run(command: str, *arguments: str) -> int:
        more = flags if command == "promote" else []
        commands = training_commands if command == "promote" else registry_commands
        return commands.main([command, *arguments, *more, "--models", str(registry.models)])

    return run


def test_the_newest_candidate_that_passes_becomes_live_and_its_figures_are_kept(
    registry: Registry, run: Run, capsys: pytest.CaptureFixture[str]
):
    assert run("promote", "--reason", "more data") == 0

    assert registry.live() == registry.models / "new"
    printed = capsys.readouterr().out
    assert "candidate new against live old" in printed
    assert "no rule failed" in printed
    event = registry.history().events[-1]
    assert (event.action, event.before, event.after) == (Action.PROMOTE, "old", "new")
    assert event.why == "more data"
    assert len(event.gate) == 10
    assert all(set(row) >= {"rule", "value", "limit", "passed"} for row in event.gate)


def test_a_poisoned_candidate_is_refused_with_every_rule_shown_and_the_old_model_stays(
    registry: Registry, run: Run, tiny_artifact: Artifact, capsys: pytest.CaptureFixture[str]
):
    poison(tiny_artifact, registry.models)

    assert run("promote") == 4

    assert registry.live() == registry.models / "old"
    printed = capsys.readouterr()
    failed = [line for line in printed.out.splitlines() if line.startswith("FAIL")]
    assert any("test: macro-F1, lower bound" in line for line in failed)
    assert any("critical cases newly failed" in line and "toy-" in line for line in failed)
    assert printed.out.count("\npass  ") + len(failed) + printed.out.count("\nwish  ") == 10
    assert "poisoned is not promoted, old stays live" in printed.err
    event = registry.history().events[-1]
    assert (event.action, event.after) == (Action.REFUSE, "poisoned")
    assert "macro-F1" in event.why
    assert len(event.gate) == 10


def test_your_own_held_out_sentences_are_a_rule_of_their_own(
    run: Run, tmp_path: Path, toy_annotations: list[Annotation], capsys: pytest.CaptureFixture[str]
):
    own = tmp_path / "own.jsonl"
    rows = [{"text": a.text, "labels": list(a.labels), "doc": a.doc} for a in toy_annotations[:64]]
    own.write_text("\n".join(json.dumps(row) for row in rows))

    assert run("promote", "new", "--own", str(own)) == 0
    assert "own: macro-F1" in capsys.readouterr().out


def test_force_needs_a_reason_and_keeps_it(
    registry: Registry, run: Run, tiny_artifact: Artifact, capsys: pytest.CaptureFixture[str]
):
    poison(tiny_artifact, registry.models)

    with pytest.raises(SystemExit) as usage:
        run("promote", "poisoned", "--force")
    assert usage.value.code == 2
    assert registry.live_version() == "old"

    assert run("promote", "poisoned", "--force", "--reason", "a test of ours") == 0
    assert registry.live_version() == "poisoned"
    event = registry.history().events[-1]
    assert (event.action, event.why) == (Action.FORCE, "a test of ours")
    assert any(not row["passed"] for row in event.gate)
    assert "FAIL" in capsys.readouterr().out


def test_rollback_blocks_the_version_it_leaves_until_it_is_forced(
    registry: Registry, run: Run, capsys: pytest.CaptureFixture[str]
):
    run("promote", "new")
    assert run("rollback", "--reason", "complaints") == 0
    assert registry.live() == registry.models / "old"

    assert run("promote", "new") == 4
    assert "complaints" in capsys.readouterr().err
    assert registry.history().events[-1].action is Action.REFUSE
    assert run("promote") == 6
    assert run("promote", "new", "--force", "--reason", "mended") == 0
    assert registry.live_version() == "new"


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda folder: (folder / "engine.bin").write_bytes(b"bad"), 3),
        (lambda folder: shutil.rmtree(folder), 3),
    ],
)
def test_a_damaged_candidate_is_refused_even_by_force(
    registry: Registry, run: Run, damage: Callable[[Path], None], code: int
):
    damage(registry.models / "new")

    assert run("promote", "new", "--force", "--reason", "please") == code
    assert registry.live_version() == "old"


def test_a_candidate_that_does_not_prove_itself_is_refused_and_that_is_recorded(
    registry: Registry, run: Run, tiny_artifact: Artifact
):
    folder = reissue(tiny_artifact, registry.models, "odd", hour=5)
    lines = (folder / GOLDEN).read_text().splitlines()
    row = json.loads(lines[0])
    row["scores"] = {stance: 1 - score for stance, score in row["scores"].items()}
    (folder / GOLDEN).write_text("\n".join([json.dumps(row), *lines[1:]]))
    (folder / COMPLETE).unlink()
    (folder / MANIFEST).unlink()
    seal(folder, replace(tiny_artifact.manifest, version="odd"))

    assert run("promote", "odd") == 3
    assert registry.live_version() == "old"
    assert "golden" in registry.history().events[-1].why


def test_while_another_runs_it_is_refused(
    registry: Registry, run: Run, capsys: pytest.CaptureFixture[str]
):
    with one_at_a_time(registry.models, doing="retraining"):
        assert run("promote") == 5
        assert run("rollback") == 0  # which never waits for a training

    assert "another training or promotion runs (retraining, pid" in capsys.readouterr().err


def test_what_is_live_already_or_does_not_exist_is_said(registry: Registry, run: Run):
    assert run("promote", "old") == 6
    assert run("promote", "older") == 3
    assert registry.live_version() == "old"


def test_a_live_model_that_changes_while_the_gate_runs_is_not_overwritten(
    registry: Registry, toy_annotations: list[Annotation], flags: list[str]
):
    evaluation_set = EvaluationSet(
        split_annotations(toy_annotations).test, {}, toy_cases(toy_annotations)
    )

    def meanwhile(text: str) -> None:
        if "no rule failed" in text:
            registry.rollback(who="somebody", why="meanwhile")

    with pytest.raises(Locked, match="old: try again"):
        promote(
            registry,
            PromotionRequest("new"),
            evaluation_set,
            read_limits(Path(flags[-1])),
            say=meanwhile,
        )

    assert registry.live() == SHIPPED


def test_models_and_what_was_live_are_listed(
    registry: Registry, run: Run, capsys: pytest.CaptureFixture[str]
):
    run("promote", "new")
    run("rollback", "--reason", "complaints")
    capsys.readouterr()

    assert run("models") == 0
    table = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert " blocked " in table["new"]
    assert table["new"].endswith(": complaints")
    assert " live " in table["old"]
    assert " 2026-12-01 01:00 " in table["old"]

    assert run("live") == 0
    assert capsys.readouterr().out.split() == ["old", str(registry.models / "old")]
    assert run("live", "--at", f"{now():%Y-%m-%d}") == 0
    shipped = read_folder(SHIPPED).version
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines] == [shipped, "old", "new", "old"]
    assert run("live", "--at", "2026-01-31T12:00:00+02:00") == 0
    assert capsys.readouterr().out == f"2026-01-31 10:00:00 UTC  {shipped}\n"
    with pytest.raises(SystemExit):
        run("live", "--at", "2999-01-01")


def test_killed_at_random_moments_the_live_model_is_whole_and_the_next_run_works(
    registry: Registry, flags: list[str], run: Run
):
    command = [sys.executable, "-m", "training", "promote", "new", *flags]
    chance = random.Random(11)
    for _ in range(5):
        with subprocess.Popen(
            [*command, "--models", str(registry.models)], cwd=ROOT, stdout=subprocess.DEVNULL
        ) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=chance.uniform(0.5, 6))
            process.kill()
        live = open_artifact(registry.live()).manifest.version
        assert live == registry.history().events[-1].after
        if live == "new":
            registry.record(RegistryEvent(now(), "test", Action.PROMOTE, "new", "old", ""))

    assert run("promote", "new") == 0
    assert registry.live_version() == "new"
    assert registry.history().unreadable == ()


def test_after_a_killed_promotion_the_next_one_says_so(
    registry: Registry, flags: list[str], run: Run, capsys: pytest.CaptureFixture[str]
):
    command = [sys.executable, "-m", "training", "promote", "new", *flags]
    command += ["--models", str(registry.models)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert "are scored" in process.stdout.readline()
        process.kill()

    assert registry.live_version() == "old"
    assert run("promote", "new") == 0
    assert f"(promotion, pid {process.pid} on" in capsys.readouterr().out
