"""A run that scores an archive is killed at every moment; the same command ends it all the same."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.serve.archive.archives import many, write_jsonl

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("ending", [".csv"])
def test_killed_before_any_change_to_the_disk_it_goes_on_to_the_same_bytes(
    tmp_path: Path, ending: str
):
    source = write_jsonl(tmp_path / "in.jsonl", *many(40), "{", {"id": "x"}, *many(2))
    folder = tmp_path / "runs"
    folder.mkdir()

    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.archive_dying", str(source), str(folder), ending],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.rpartition("moments:")[2]) > 20
