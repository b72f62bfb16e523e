"""Scored sentences to the annotation store, for the queue; off unless it is asked for.

A request does not wait for it: what was scored is put aside, and written once a second by a thread.
What is put aside and not yet written is lost with the process, and what a store that does not
answer leaves no room for is dropped, with a line in the log that says how much and no text.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterator
from threading import Lock

import structlog

from data.annotation.row_checks import check_row
from data.store.pool import Candidate
from data.store.store import AnnotationStore
from model.artifact.manifest import Manifest
from model.errors import StoreError
from model.scored import ScoredSentence
from model.stance import STANCES
from serve.scoring.inference import Answer

_EVERY_SECONDS = 1.0
_MOST_ASIDE = 20_000  # sentences of some 150 characters, 3 MB, while a store does not answer

_log = structlog.stdlib.get_logger()


class Keeper:
    """Keeps the newest `limit` sentences that were scored; 0 keeps none."""

    def __init__(self, store: Callable[[], AnnotationStore], *, limit: int) -> None:
        self._store, self._limit = store, limit
        self._lock, self._writing = Lock(), Lock()
        self._aside: list[tuple[Answer, str | None]] = []
        self._count = 0

    def offer(self, answer: Answer, statement: str | None = None) -> None:
        """Put an answer aside; `statement` is the text that its sentences are from, if one."""
        if not self._limit:
            return
        with self._lock:
            if self._count < min(self._limit, _MOST_ASIDE):
                self._aside.append((answer, statement))
                self._count += len(answer.scored)
            else:
                _log.warning("scored_not_kept", sentences=len(answer.scored), reason="no room")

    def flush(self) -> None:
        """Write what was put aside; never raises for a store that cannot be used."""
        with self._writing:  # so that what somebody else took is on the disk when this returns
            with self._lock:
                aside, self._aside, count, self._count = self._aside, [], self._count, 0
            if aside:
                self._write(aside, count)

    async def run(self) -> None:
        """Write once a second until cancelled."""
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            await asyncio.to_thread(self.flush)

    def _write(self, aside: list[tuple[Answer, str | None]], count: int) -> None:
        candidates = (each for answer, text in aside for each in candidates_of(answer, text))
        try:
            self._store().candidates.keep(candidates, limit=self._limit)
        except StoreError as error:
            _log.warning("scored_not_kept", sentences=count, reason=str(error))


def candidates_of(answer: Answer, statement: str | None) -> Iterator[Candidate]:
    """The sentences that can be annotated; those of one statement share a document."""
    doc = None
    if statement is not None:
        doc = f"scored-{hashlib.sha256(statement.encode()).hexdigest()[:16]}"
    for row in answer.scored:
        if not check_row({"text": row.sentence.text, "labels": []}):
            yield candidate(row, answer.manifest, doc, None if doc is None else row.sentence.index)


def candidate(row: ScoredSentence, manifest: Manifest, doc: str | None, n: int | None) -> Candidate:
    """A scored sentence as one that might be annotated."""
    thresholds = [decision.threshold for decision in manifest.decisions]
    return Candidate(
        text=row.sentence.text,
        doc=doc,
        n=n,
        version=manifest.version,
        labels=row.labels,
        scores=dict(zip(STANCES, row.scores, strict=True)),
        margin=min(abs(p - t) for p, t in zip(row.scores, thresholds, strict=True)),
    )
