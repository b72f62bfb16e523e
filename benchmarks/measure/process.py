"""The resources of a running process: memory, open files, threads."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure.timing import slope

# memory grows while batch shapes are new, so that the first third is left out
_SETTLING = 1 / 3


@dataclass(frozen=True)
class Sample:
    """The resources of a process, `minutes` after the start."""

    minutes: float
    mebibytes: float
    files: int
    threads: int


def sample(pid: int, minutes: float) -> Sample:
    """Measure a process now.

    Raises:
        OSError: it has ended.
    """
    process = Path(f"/proc/{pid}")
    pages = int((process / "statm").read_text(encoding="ascii").split()[1])
    return Sample(
        minutes,
        pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
        len(list((process / "fd").iterdir())),
        len(list((process / "task").iterdir())),
    )


def settled(samples: Sequence[Sample]) -> list[Sample]:
    """Return the samples after the first third of the time."""
    start = samples[-1].minutes * _SETTLING
    return [each for each in samples if each.minutes >= start]


def growth(samples: Sequence[Sample]) -> float:
    """Fit MiB an hour by least squares through the settled samples; 0 for fewer than two."""
    level = settled(samples)
    if len(level) < 2:
        return 0.0
    return 60 * slope([each.minutes for each in level], [each.mebibytes for each in level])
