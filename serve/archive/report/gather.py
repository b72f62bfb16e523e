"""The documents of an output as arrays: counts, groups, dates, repeats, and what is odd of them."""

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

import numpy as np

from model.stance import STANCES
from serve.archive.report.duplicates import Repeats
from serve.archive.report.estimates import Numbers
from serve.archive.report.labelled import Cell, Labelled
from serve.archive.report.read_rows import Key, Row, read_statements
from serve.archive.report.times import day_of, in_period, period_of
from serve.archive.report.vocabulary import Vocabulary

# Groups with a line of their own; the others are counted together.
_GROUPS = 12
_EXAMPLES = 8  # sentences shown for each figure
NO_GROUP, OTHER_GROUPS = "no value", "all others"


@dataclass
class Documents:
    """What is kept of each document, some 100 bytes.

    Attributes:
        counts: of sentences: all, then with each stance.
        odd: doubtful sentences, foreign ones, words, words that the vocabulary lacks.
        copy_of: the number of an earlier document that it nearly repeats, -1 for none.
    """

    keys: list[Key] = field(default_factory=list)
    counts: list[list[int]] = field(default_factory=list)
    odd: list[list[int]] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    days: list[str | None] = field(default_factory=list)
    copy_of: list[int] = field(default_factory=list)
    period: str = "month"

    def table(self) -> Numbers:
        """Counts as an array, (documents, 1 + stances)."""
        return np.array(self.counts, float).reshape(-1, 1 + len(STANCES))

    def cells(self) -> list[Cell]:
        """The group and time of each document."""
        times = [in_period(day, self.period) for day in self.days]
        return list(zip(self.groups, times, strict=True))


class Examples:
    """A few sentences of each cell and stance: those of the largest digests, so always the same."""

    def __init__(self) -> None:
        self._heaps: dict[tuple[Cell, str], list[tuple[int, str, Key, int]]] = {}

    def add(self, row: Row, cell: Cell) -> None:
        """Consider a sentence for its own cell and those that hold it."""
        place = f"{row.key}{row.index}{row.text}".encode()
        rank = int.from_bytes(blake2b(place, digest_size=8).digest(), "big")
        group, time = cell
        for name in row.labels or ("none",):
            for each in {cell, (group, None), (None, time), (None, None)}:
                heap = self._heaps.setdefault((each, name), [])
                item = (rank, row.text, row.key, row.index)
                if len(heap) < _EXAMPLES:
                    heapq.heappush(heap, item)
                elif rank > heap[0][0]:
                    heapq.heapreplace(heap, item)

    def of(self, cell: Cell, name: str) -> list[tuple[str, Key, int]]:
        """The sentences of a cell, with their document and number there."""
        found = self._heaps.get((cell, name), [])
        return [(text, key, index) for _, text, key, index in sorted(found, reverse=True)]


def gather(
    output: Path, group: str | None, time: str | None, period: str | None, vocabulary: Vocabulary
) -> Documents:
    """Read an output once for what is counted."""
    documents, repeats = Documents(), Repeats()
    wanted = tuple(filter(None, (group, time)))
    for number, (key, rows) in enumerate(read_statements(output, wanted)):
        documents.keys.append(key)
        documents.counts.append([len(rows), *(_with(rows, stance) for stance in STANCES)])
        words = vocabulary.count(row.text for row in rows)
        doubtful, foreign = sum(r.uncertain for r in rows), sum(r.foreign for r in rows)
        documents.odd.append([doubtful, foreign, *words])
        documents.groups.append(_value(rows[0], group))
        documents.days.append(day_of(rows[0].fields.get(time)) if time else None)
        like = repeats.first_like(number, (row.text for row in rows))
        documents.copy_of.append(-1 if like is None else like)
    documents.period = period or period_of(documents.days)
    _join_small(documents)
    return documents


def examples_of(
    output: Path, documents: Documents, labelled: Labelled, wanted: tuple[str, ...]
) -> Examples:
    """Read an output again for the sentences behind the figures, and for those with labels."""
    examples = Examples()
    statements = read_statements(output, wanted)
    for number, (cell, (_, rows)) in enumerate(zip(documents.cells(), statements, strict=True)):
        labelled.find(rows, number)
        for row in rows:
            examples.add(row, cell)
    return examples


def _with(rows: Sequence[Row], stance: str) -> int:
    return sum(stance in row.labels for row in rows)


def _value(row: Row, group: str | None) -> str:
    value = row.fields.get(group) if group else None
    return NO_GROUP if value in (None, "") else str(value)


def _join_small(documents: Documents) -> None:
    sizes = Counter(documents.groups)
    large = {name for name, _ in sorted(sizes.items(), key=lambda x: (-x[1], x[0]))[:_GROUPS]}
    if len(sizes) > _GROUPS:
        documents.groups = [n if n in large else OTHER_GROUPS for n in documents.groups]
