"""Threads follow the cgroup's quota: more of them would only wait for the next period."""

import os
from pathlib import Path

import pytest

from model.engines.cores import usable_cores

ALLOWED = len(os.sched_getaffinity(0))
HALF = "50000 100000"


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    """A cgroup file system without any quota, as it would be mounted."""
    (tmp_path / "service" / "worker").mkdir(parents=True)
    (tmp_path / "cpu" / "service").mkdir(parents=True)
    (tmp_path / "own").write_text("0::/service/worker\n")
    return tmp_path


def cores(groups: Path) -> int:
    return usable_cores(groups, groups / "own")


def test_without_a_quota_it_is_every_core_the_process_may_use(groups: Path):
    (groups / "service" / "worker" / "cpu.max").write_text("max 100000\n")

    assert cores(groups) == ALLOWED


def test_outside_any_group_it_is_every_core_too(tmp_path: Path):
    assert usable_cores(tmp_path / "absent", tmp_path / "absent") == ALLOWED


def test_less_than_a_core_is_one_thread(groups: Path):
    (groups / "service" / "worker" / "cpu.max").write_text(f"{HALF}\n")

    assert cores(groups) == 1


@pytest.mark.parametrize("folder", ["service", "."])
def test_a_quota_of_a_group_around_it_counts(groups: Path, folder: str):
    (groups / "service" / "worker" / "cpu.max").write_text("max 100000\n")
    (groups / folder / "cpu.max").write_text(f"{HALF}\n")

    assert cores(groups) == 1


def test_the_quota_of_version_1_counts(groups: Path):
    (groups / "own").write_text("5:cpuset:/elsewhere\n4:cpu,cpuacct:/service\n")
    (groups / "cpu" / "service" / "cpu.cfs_quota_us").write_text("50000\n")
    (groups / "cpu" / "service" / "cpu.cfs_period_us").write_text("100000\n")

    assert cores(groups) == 1


def test_no_quota_in_version_1_is_minus_one(groups: Path):
    (groups / "own").write_text("4:cpu,cpuacct:/service\n")
    (groups / "cpu" / "service" / "cpu.cfs_quota_us").write_text("-1\n")
    (groups / "cpu" / "service" / "cpu.cfs_period_us").write_text("100000\n")

    assert cores(groups) == ALLOWED


def test_a_part_of_a_core_over_whole_ones_is_left_to_the_rest(
    groups: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    (groups / "service" / "worker" / "cpu.max").write_text("250000 100000\n")

    assert cores(groups) == 2
