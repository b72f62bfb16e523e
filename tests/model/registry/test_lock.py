"""The lock of retraining: one owner, who is named, and whose death frees it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from model.errors import Locked
from model.registry.lock import one_at_a_time

ROOT = Path(__file__).parents[3]
_HOLDER = """
import subprocess, sys
from pathlib import Path
from model.registry.lock import one_at_a_time

with one_at_a_time(Path(sys.argv[1]), doing="retraining") as left:
    print("left by", left and left.pid, flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(models: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that holds the lock until its standard input ends, and the line it printed."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(models)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process, process.stdout.readline()


def test_a_second_one_is_refused_and_told_who_is_at_it(tmp_path: Path):
    with (
        holder(tmp_path) as (first, _),
        pytest.raises(Locked, match=f"retraining, pid {first.pid} on ") as refused,
        one_at_a_time(tmp_path, doing="promotion"),
    ):
        pass

    assert refused.value.exit_code == 5


def test_after_a_tidy_end_it_is_free_and_nobody_left_it(tmp_path: Path):
    with holder(tmp_path):
        pass

    with one_at_a_time(tmp_path, doing="promotion") as left:
        assert left is None


def test_a_killed_owner_is_followed_at_once_and_named(tmp_path: Path):
    with holder(tmp_path) as (first, _):
        first.kill()

    with one_at_a_time(tmp_path, doing="promotion") as left:
        assert left.pid == first.pid
        assert left.doing == "retraining"
        assert not left.lives

    with one_at_a_time(tmp_path, doing="promotion") as left:
        assert left is None


def test_unfinished_folders_of_killed_runs_are_removed_and_those_of_running_ones_not(
    tmp_path: Path,
):
    with holder(tmp_path) as (first, _):
        first.kill()
    abandoned, own = (tmp_path / f".tmp-v{pid}-{pid}" for pid in (first.pid, os.getpid()))
    kept = [tmp_path / name for name in ("v1-1", ".tmp-live.json-1", ".tmp-by-hand")]
    for folder in (abandoned, own, kept[0], kept[2]):
        folder.mkdir()
        (folder / "engine.bin").write_text("half")
    kept[1].write_text("")

    with one_at_a_time(tmp_path, doing="training"):
        assert not abandoned.exists()
        assert all(path.exists() for path in [own, *kept])


def test_an_error_inside_frees_it(tmp_path: Path):
    with pytest.raises(KeyboardInterrupt), one_at_a_time(tmp_path, doing="promotion"):
        raise KeyboardInterrupt

    with holder(tmp_path) as (_, first_line):
        assert first_line == "left by None\n"


def test_a_pid_given_again_is_not_taken_for_the_owner(tmp_path: Path):
    with one_at_a_time(tmp_path, doing="promotion"):
        record = json.loads((tmp_path / ".retraining.json").read_text())
    (tmp_path / ".retraining.json").write_text(json.dumps({**record, "started": 1}))

    with one_at_a_time(tmp_path, doing="promotion") as left:
        assert left.pid == os.getpid()
        assert not left.lives


def test_a_record_that_cannot_be_read_does_not_stop_the_next_one(tmp_path: Path):
    (tmp_path / ".retraining.json").write_text("{")

    with one_at_a_time(tmp_path, doing="promotion") as left:
        assert left is None
