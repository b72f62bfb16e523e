"""Record scored sentences in the annotation store, for the queue; off unless switched on.

Requests do not wait for it: results are kept in memory, and a thread writes them once a second.
Results that are not written yet are lost if the process is killed. While the store does not answer,
results beyond the limit are dropped; a line in the log says how many, without their text.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterator
from threading import Lock

import structlog

from data.annotation.row_checks import check_row
from data.store.candidates.pool import Candidate
from data.store.store import AnnotationStore
from model.artifact.manifest import Manifest
from model.errors import StoreError
from model.scored import ScoredSentence
from model.stance import STANCES
from serve.scoring.result import ScoringResult

_EVERY_SECONDS = 1.0
# in memory while the store does not answer; 3 MB at 150 characters a sentence
_MAX_PENDING_SENTENCES = 20_000

_log = structlog.stdlib.get_logger()


class ScoredRecorder:
    """Records the newest `limit` scored sentences; 0 records none.

    Args:
        max_pending: sentences that may be in memory, not yet written, before more are dropped.
    """

    def __init__(
        self,
        store: Callable[[], AnnotationStore],
        *,
        limit: int,
        max_pending: int = _MAX_PENDING_SENTENCES,
    ) -> None:
        self._store, self._limit = store, limit
        self._max_pending = min(limit, max_pending)
        self._lock, self._writing = Lock(), Lock()
        self._pending: list[tuple[ScoringResult, str | None]] = []
        self._count = 0

    @property
    def keeps(self) -> bool:
        """Whether anything is kept at all."""
        return self._limit > 0

    @property
    def pending(self) -> int:
        """Sentences in memory that are not written yet."""
        return self._count

    def record(self, result: ScoringResult, statement: str | None = None) -> None:
        """Keep a result for the next write; `statement` is the text that it was split from."""
        if not self._limit:
            return
        with self._lock:
            if self._count < self._max_pending:
                self._pending.append((result, statement))
                self._count += len(result.scored)
            else:
                _log.warning("scored_not_kept", sentences=len(result.scored), reason="no room")

    def flush(self) -> None:
        """Write what is pending; logs a store that cannot be used, and does not raise."""
        with self._writing:  # also waits for a write in progress: all is on disk when this returns
            with self._lock:
                pending, self._pending = self._pending, []
                count, self._count = self._count, 0
            if pending:
                self._write(pending, count)

    async def run(self) -> None:
        """Write once a second until cancelled."""
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            await asyncio.to_thread(self.flush)

    def _write(self, pending: list[tuple[ScoringResult, str | None]], count: int) -> None:
        candidates = (each for result, text in pending for each in candidates_of(result, text))
        try:
            self._store().candidates.keep(candidates, limit=self._limit)
        except StoreError as error:
            _log.warning("scored_not_kept", sentences=count, reason=str(error))


def document_of(statement: str) -> str:
    """The document id of a statement: of its text, so that whoever reads it means the same one."""
    return f"scored-{hashlib.sha256(statement.encode()).hexdigest()[:16]}"


def candidates_of(result: ScoringResult, statement: str | None) -> Iterator[Candidate]:
    """The sentences that can be annotated; those of one statement share a document id."""
    doc = None if statement is None else document_of(statement)
    for row in result.scored:
        if not check_row({"text": row.sentence.text, "labels": []}):
            yield candidate(row, result.manifest, doc, None if doc is None else row.sentence.index)


def candidate(row: ScoredSentence, manifest: Manifest, doc: str | None, n: int | None) -> Candidate:
    """A scored sentence as a candidate for annotation; `doc` and `n` say where it is from."""
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
