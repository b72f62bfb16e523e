"""Intervals by resampling whole documents, whose sentences are not independent of one another.

Efron and Tibshirani, "An introduction to the bootstrap", 1993, chapter 13 (percentile intervals).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000

Rows = NDArray[np.int64]
Statistic = Callable[[Rows], float]  # of the sentences in the rows named


@dataclass(frozen=True)
class Interval:
    """An estimate with two percentiles of its bootstrap; of 95 % they are the 2.5th and 97.5th."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f})"


class DocumentBootstrap:
    """The same 1,000 samples of documents for every statistic, so that they can be compared."""

    def __init__(self, groups: Sequence[object] | NDArray[np.int64]) -> None:
        """`groups` names the document of each sentence."""
        _, numbers = np.unique(np.asarray(groups), return_inverse=True)
        rows_of = [np.flatnonzero(numbers == number) for number in range(int(numbers.max()) + 1)]
        draws = np.random.default_rng(0).integers(0, len(rows_of), (RESAMPLES, len(rows_of)))
        self._everything = np.arange(len(numbers))
        self._samples = [np.concatenate([rows_of[i] for i in draw]) for draw in draws]

    def interval(self, statistic: Statistic, *, level: float = 0.95) -> Interval:
        """Value and interval; samples on which the statistic is undefined (NaN) do not count."""
        tail = 50 - 50 * level
        drawn = [value for rows in self._samples if not math.isnan(value := statistic(rows))]
        low, high = np.percentile(drawn or [math.nan], [tail, 100 - tail])
        return Interval(statistic(self._everything), float(low), float(high))
