"""The number of cores that this process may use, by its CPU affinity and its cgroup's quota.

With one thread more than the quota allows, all threads are paused for the rest of each period.
"""

import os
from collections.abc import Iterator
from pathlib import Path

_CGROUPS, _OWN = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")


def usable_cores(cgroups: Path = _CGROUPS, own: Path = _OWN) -> int:
    """Return the number of whole cores, at least one; of 2.5 the half is left to other threads.

    Args:
        cgroups: where the control groups are mounted.
        own: the file that names those of this process.
    """
    allowed = len(os.sched_getaffinity(0))
    return max(1, min([allowed, *(int(quota) for quota in _quotas(cgroups, own))]))


def _quotas(cgroups: Path, own: Path) -> Iterator[float]:
    """Yield the quotas, in cores, of this process's cgroup and its parents, of versions 2 and 1."""
    for path in _paths(own):
        for folder in (path, *path.parents):
            yield from _version_2(cgroups / folder)
            yield from _version_1(cgroups / "cpu" / folder)


def _paths(own: Path) -> list[Path]:
    """Parse lines such as "0::/a/b" or "4:cpu,cpuacct:/a/b" into a/b; "." is always included.

    A container often sees the host's path while only its own cgroup is mounted, as the root.
    """
    try:
        lines = own.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.split(":", 2) for line in lines]
    return [
        Path(),
        *(Path(at.lstrip("/")) for _, kinds, at in named if not kinds or "cpu" in kinds.split(",")),
    ]


def _version_2(folder: Path) -> Iterator[float]:
    words = _words(folder / "cpu.max")
    if len(words) == 2 and words[0] != "max":
        yield float(words[0]) / float(words[1])


def _version_1(folder: Path) -> Iterator[float]:
    quota, period = _words(folder / "cpu.cfs_quota_us"), _words(folder / "cpu.cfs_period_us")
    if quota and period and float(quota[0]) > 0:
        yield float(quota[0]) / float(period[0])


def _words(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").split()
    except OSError:
        return []
