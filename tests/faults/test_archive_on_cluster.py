"""Two nodes, one of them killed, a run stopped, a document that kills: the bytes of one machine."""

import subprocess
import sys
from pathlib import Path

import pytest

from serve.archive import parts
from tests.serve.archive.archives import lines, many, rejects, score, write_jsonl

ROOT = Path(__file__).parents[2]


def test_a_cluster_gives_the_bytes_of_one_machine_whatever_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pytest.importorskip("ray", reason="of the optional group cluster")
    monkeypatch.setattr(parts, "PART_DOCUMENTS", 3)
    source = write_jsonl(tmp_path / "in.jsonl", *many(90), "{")
    score(source, tmp_path / "one.jsonl")

    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.archive_on_cluster", str(source), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    expected = (tmp_path / "one.jsonl").read_bytes()
    for name in ("cluster", "resumed", "poison"):
        assert (tmp_path / f"{name}.jsonl").read_bytes() == expected, name
    assert rejects(tmp_path / "cluster.jsonl") == rejects(tmp_path / "one.jsonl")
    assert [row["code"] for row in rejects(tmp_path / "poison.jsonl")] == ["json", "killer"]
    assert len(lines(tmp_path / "one.jsonl")) > 200
