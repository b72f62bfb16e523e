"""What a process holds while it runs: memory, open files, threads."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure.rounds import slope

# memory grows while shapes are new: the slope is of what comes after the first third
_SETTLING = 1 / 3


@dataclass(frozen=True)
class Sample:
    """What the process held at a time: minutes, MiB, open files, threads."""

    minutes: float
    mebibytes: float
    files: int
    threads: int


def sample(pid: int, minutes: float) -> Sample:
    """What a process holds now; raises OSError if it is gone."""
    process = Path(f"/proc/{pid}")
    pages = int((process / "statm").read_text(encoding="ascii").split()[1])
    return Sample(
        minutes,
        pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
        len(list((process / "fd").iterdir())),
        len(list((process / "task").iterdir())),
    )


def settled(samples: Sequence[Sample]) -> list[Sample]:
    """The samples after the first third."""
    start = samples[-1].minutes * _SETTLING
    return [each for each in samples if each.minutes >= start]


def growth(samples: Sequence[Sample]) -> float:
    """MiB an hour, by the least-squares line through the settled samples; 0 of fewer than two."""
    level = settled(samples)
    if len(level) < 2:
        return 0.0
    return 60 * slope([each.minutes for each in level], [each.mebibytes for each in level])
