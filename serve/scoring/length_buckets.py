"""Windows that wait for the engine, in one bucket for each network and padded length.

A batch holds windows of one padded length. So no score depends on which other requests share the
batch (see model/text/tokens.py), and a batch that fills its token budget costs least per token.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from model.text.tokens import LENGTH_STEP, full_batch, padded_length
from serve.scoring.job import Batch, Job, JobSlice

_NUMBERS = count()  # of all jobs ever; a second reading keeps the number of the first


@dataclass
class _Entry:
    """A job's windows of one length; a lower `number` came earlier."""

    number: int
    job: Job
    rows: list[int]


class LengthBuckets:
    """Windows in the order they came. Not safe for concurrent calls; skips jobs that are done."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[int, int], deque[_Entry]] = {}

    def add(self, job: Job) -> int:
        """Add all windows of a job; returns the number of buckets they went to."""
        step = job.model.length_step if job.model else LENGTH_STEP
        if job.number is None:
            job.number = next(_NUMBERS)
        rows_of: dict[int, list[int]] = {}
        for row, window in enumerate(job.windows):
            rows_of.setdefault(padded_length(len(window), step), []).append(row)
        for length, rows in rows_of.items():
            bucket = self._buckets.setdefault((id(job.model), length), deque())
            bucket.append(_Entry(job.number, job, rows))
        return len(rows_of)

    def take_batch(self) -> Batch | None:
        """Take the oldest window, and others of its model and length, up to the token budget."""
        while key := self._oldest():
            bucket = self._buckets[key]
            model = bucket[0].job.model
            assert model is not None  # noqa: S101 - a job in a bucket has its windows and model
            # no slices, if the clients left just now: cancelling does not wait for a lock
            if slices := list(_take_from(bucket, full_batch(key[1], model.token_budget))):
                return Batch(model, slices)
        return None

    def _oldest(self) -> tuple[int, int] | None:
        for key, bucket in list(self._buckets.items()):
            while bucket and bucket[0].job.future.done():
                bucket.popleft()
            if not bucket:
                del self._buckets[key]
        return min(self._buckets, key=lambda key: self._buckets[key][0].number, default=None)


def _take_from(bucket: deque[_Entry], most: int) -> Iterator[JobSlice]:
    while bucket and most:
        entry = bucket[0]
        rows, entry.rows = entry.rows[:most], entry.rows[most:]
        if not entry.rows:
            bucket.popleft()
        if not entry.job.future.done():
            most -= len(rows)
            yield JobSlice(entry.job, rows)
