"""A figure for every cell: shares of stances in a group and time, or why there are none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.agreement.bootstrap import Interval, interval_of
from model.stance import STANCES
from serve.archive.report.estimates import ErrorRates, corrected, powered, resampled, shares
from serve.archive.report.gather import Documents
from serve.archive.report.labelled import Cell, Sample

# With fewer documents, resampling them says too little of how far they are from others.
LEAST_DOCUMENTS = 10
LEAST_LABELS = 30
_COUNTS = 1 + len(STANCES)


@dataclass(frozen=True)
class Share:
    """The share of sentences with a stance.

    Attributes:
        labelled: as the model labels them.
        corrected: with the model's error rates on held-out documents taken out.
        powered: with labels of the archive itself, where there are enough.
        unrepeated: as `labelled`, without documents that nearly repeat an earlier one.
    """

    labelled: Interval
    corrected: Interval | None
    powered: Interval | None
    unrepeated: Interval | None

    @property
    def best(self) -> Interval:
        """The one to read: with labels, else corrected, else as labelled."""
        return self.powered or self.corrected or self.labelled


@dataclass(frozen=True)
class Figure:
    """What one cell adds up to; `shares` is empty where it is withheld, being of few documents."""

    cell: Cell
    documents: int
    repeats: int
    sentences: int
    shares: Mapping[str, Share]


def figures(
    documents: Documents, rates: Sequence[ErrorRates | None], sample: Sample
) -> dict[Cell, Figure]:
    """Work out every cell: all, each group, each time, each group at each time."""
    counts, labels = documents.table(), sample.table(len(documents.keys))
    table, copies = np.hstack([counts, labels]), np.array(documents.copy_of, np.int64) >= 0
    rows_of: dict[Cell, list[int]] = {}
    for row, (group, time) in enumerate(documents.cells()):
        for cell in {(None, None), (group, None), (None, time), (group, time)}:
            rows_of.setdefault(cell, []).append(row)
    found = {}
    for cell, rows in rows_of.items():
        chosen = np.array(rows)
        found[cell] = _figure(cell, table[chosen], copies[chosen], rates)
    return found


def _figure(
    cell: Cell,
    table: NDArray[np.float64],
    copies: NDArray[np.bool_],
    rates: Sequence[ErrorRates | None],
) -> Figure:
    size, repeats, sentences = len(table), int(copies.sum()), int(table[:, 0].sum())
    if size < LEAST_DOCUMENTS:
        return Figure(cell, size, repeats, sentences, {})
    sums = resampled(table)
    drawn, labels = shares(sums[:, :_COUNTS]), sums[:, _COUNTS:]
    once = None
    if repeats and size - repeats >= LEAST_DOCUMENTS:
        once = shares(resampled(table[~copies, :_COUNTS]))
    found = {
        str(stance): Share(
            interval_of(drawn[:, i]),
            None if (rate := rates[i]) is None else corrected(drawn[:, i], rate),
            _powered(drawn[:, i], labels, i, sentences),
            None if once is None else interval_of(once[:, i]),
        )
        for i, stance in enumerate(STANCES)
    }
    return Figure(cell, size, repeats, sentences, found)


def _powered(
    share: NDArray[np.float64], labels: NDArray[np.float64], stance: int, sentences: int
) -> Interval | None:
    if labels[0, 0] < LEAST_LABELS:
        return None
    start = 1 + 3 * stance
    return powered(share, labels[:, [0, start, start + 1, start + 2]], sentences)
