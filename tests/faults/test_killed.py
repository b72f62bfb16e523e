"""Killed at any moment, a command leaves what was acknowledged, a whole registry, and a way on."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from data.annotation.annotation import Annotation
from data.judgements.event import Act, Event
from data.store.location import default_location
from data.store.store import open_store
from model.artifact.folder import open_artifact
from model.registry.registry import Registry
from model.registry.versions import State, list_versions
from model.self_test import load_tested_classifier
from tests.projects import Project, at_the_border, write_annotations

# Runs a module, and dies before the nth change to the disk, or tells how many there were.
# Changes are those that Python sees: files opened to be written, names changed, and transactions.
DYING = """
import os, signal, sys
from itertools import count
from runpy import run_module

module, last, *arguments = sys.argv[1:]
done, numbers = [0], count(1)
NAMES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

def change():
    done[0] = next(numbers)
    if done[0] == int(last):
        os.kill(os.getpid(), signal.SIGKILL)

def note(event, details):
    if event in NAMES or (event == "open" and details[2] and details[2] & WRITING):
        if "__pycache__" not in str(details[0]) and "/dev/" not in str(details[0]):
            change()

from sqlalchemy import Engine, event
event.listen(Engine, "begin", lambda *_: change())
event.listen(Engine, "commit", lambda *_: change())
sys.addaudithook(note)
sys.argv = [module, *arguments]
try:
    run_module(module, run_name="__main__", alter_sys=True)
finally:
    print("changes:", done[0])
"""
EARLIER = Event(Act.LABEL, "They must leave.", "anna", "2026-11-01T00:00:00.000000Z")


def run(project: Project, module: str, *arguments: str, last: int = 0) -> tuple[int, str]:
    """Exit status and output of a command that dies before its `last` change, 0 never."""
    done = subprocess.run(
        [sys.executable, "-c", DYING, module, str(last), *arguments],
        cwd=project.folder,
        env=project.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def changes(output: str) -> int:
    return int(output.rpartition("changes:")[2])


def moments(count: int, *, of: int) -> list[int]:
    """So many places between the first change and the last, both of them included."""
    return sorted({1 + round(i * (of - 1) / (count - 1)) for i in range(count)})


def check_whole(project: Project) -> None:
    """The earlier judgement is there, all models that have a name are whole, one is live."""
    assert EARLIER in open_store(default_location()).events()
    registry = Registry()
    assert registry.history().unreadable == ()
    load_tested_classifier(open_artifact(registry.live()))
    assert all(each.state is not State.DAMAGED for each in list_versions(registry))
    assert (project.folder / "corpus.jsonl").exists()


@pytest.fixture
def earlier(project: Project) -> Project:
    """A project whose store has acknowledged a judgement."""
    open_store(default_location()).append([EARLIER])
    return project


def test_an_import_and_an_export(earlier: Project, toy_annotations: list[Annotation]):
    write_annotations(Path("new.jsonl"), toy_annotations[:200])
    taking, giving = (
        ("data", "import", "new.jsonl"),
        ("data", "export", "out.csv", "--overwrite"),
    )
    Path("out.csv").write_text("what was there")
    held = len(open_store(default_location()).events())

    # the folder; a transaction that migrates, begun and committed; one that takes the rows
    for last in (2, 3, 4, 5):
        assert run(earlier, *taking, last=last)[0] == -signal.SIGKILL
        check_whole(earlier)
        assert len(open_store(default_location()).events()) == held
    status, output = run(earlier, *taking)
    assert status == 0, output
    assert len(open_store(default_location()).events()) == held + 200

    # the same, the reading; then the folder, the temporary file, its name
    for last in (2, 6, 7, 8):
        assert run(earlier, *giving, last=last)[0] == -signal.SIGKILL
        check_whole(earlier)
        assert Path("out.csv").read_text() == "what was there"
    status, output = run(earlier, *giving)
    assert status == 0, output
    assert len(Path("out.csv").read_text().splitlines()) == held + 201


def test_a_retraining_with_its_promotion(earlier: Project, toy_annotations: list[Annotation]):
    annotations = at_the_border(toy_annotations[:320])
    write_annotations(Path("new.jsonl"), annotations)
    command = ("training", "retrain", "new.jsonl", *earlier.retrain_flags)
    shipped = Registry().live_version()

    rehearsal, output = run(earlier, *command, "--store", "rehearsal.db", "--models", "rehearsal")
    assert rehearsal == 0, output
    # while it imports, trains, packages, examines; the last change is that the lock is given back
    for last in moments(8, of=changes(output))[:-1]:
        status, output = run(earlier, *command, last=last)
        assert status == -signal.SIGKILL, output
        check_whole(earlier)
        assert len(open_store(default_location()).events()) in (1, 1 + len(annotations))
        assert Registry().live_version() == shipped
        for folder in Registry().folders():  # with it the next run would have nothing to do
            shutil.rmtree(folder)

    status, output = run(earlier, *command)
    assert status == 0, output
    assert "was ended before it finished" in output
    check_whole(earlier)
    assert Registry().live_version() != shipped


def test_a_promotion_and_a_rollback(earlier: Project, toy_annotations: list[Annotation]):
    write_annotations(Path("new.jsonl"), at_the_border(toy_annotations[:320]))
    assert earlier.retrain("new.jsonl") == 0
    registry = Registry()
    new, shipped = registry.live_version(), registry.shipped

    back = run(earlier, "model.registry", "rollback")
    assert back[0] == 0, back[1]
    forced = ("training", "promote", new, "--force", "--reason", "again", *earlier.flags)
    status, output = run(earlier, *forced)
    assert status == 0, output
    for last in moments(5, of=changes(output)):
        registry.rollback(who="test", why="once more")
        assert run(earlier, *forced, last=last)[0] == -signal.SIGKILL
        check_whole(earlier)
        if registry.live() == shipped:
            status, output = run(earlier, *forced)
            assert status == 0, output
        assert registry.live_version() == new
        assert registry.history().events[-1].after == new
