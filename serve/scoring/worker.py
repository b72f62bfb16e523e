"""One worker: a thread that scores batches from the backlog and always resolves its jobs.

Requests that arrive while a batch is scored wait in the backlog, and the next batch takes as many
as fit. No batch waits to become fuller: a request that comes alone is scored at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread

import numpy as np
import structlog

from model.engines.protocol import Logits
from model.errors import EngineFailure
from model.stance import STANCES
from model.text.sentences import Sentence
from model.text.tokens import padded_length
from serve.clock import Clock
from serve.scoring.backlog import Backlog
from serve.scoring.job import Batch, JobSlice, Reader
from serve.scoring.throughput import Throughput

# An engine counts as hung after this long without an answer, or 20 times what a batch should take.
PATIENCE_SECONDS, _PATIENCE_BATCHES = 10.0, 20
# A batch of at least this part of the token budget says how fast the engine is.
_LARGE = 2
# Scored after a batch that failed as a whole: an engine that fails at this too is broken.
_CANARY = Sentence(0, 0, 9, "They met.")

_log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class BatchReport:
    """One batch, for the metrics: `padded` counts tokens with padding, `failed` windows."""

    windows: int
    tokens: int
    padded: int
    seconds: float
    failed: int


class Worker:
    """Scores batches once its `thread` is started; tests call `score_next` themselves.

    Args:
        share: of the engine's throughput that one worker has while all are busy.
    """

    def __init__(
        self,
        backlog: Backlog,
        throughput: Throughput,
        *,
        share: float = 1.0,
        clock: Clock,
        on_batch: Callable[[BatchReport], None] = lambda _: None,
    ) -> None:
        self._backlog, self._throughput, self._share = backlog, throughput, share
        self._clock, self._on_batch = clock, on_batch
        self.thread = Thread(target=self._run, name="engine", daemon=True)
        self._broken = False
        self._busy_tokens = 0
        self.last_progress = clock()

    @property
    def busy(self) -> bool:
        """Whether a batch is being scored."""
        return self._busy_tokens > 0

    @property
    def healthy(self) -> bool:
        """False once the engine failed at everything, or gives no answer for too long.

        A worker without a batch is healthy: it may never have been woken.
        """
        if self._broken or not self.busy:
            return not self._broken
        expected = self._busy_tokens / (self._share * self._throughput.tokens_per_second)
        patience = max(PATIENCE_SECONDS, _PATIENCE_BATCHES * expected)
        return self._clock() - self.last_progress <= patience

    def score_next(self) -> bool:
        """Score one batch; False if nothing waited."""
        batch = self._backlog.take_batch()
        if batch is None:
            return False
        self._busy_tokens = round(batch.model.cost * sum(map(len, batch.windows)))
        try:
            self._score(batch)
        finally:
            self._busy_tokens = 0
        return True

    def _score(self, batch: Batch) -> None:
        windows, tokens = batch.windows, sum(map(len, batch.windows))
        self.last_progress = began = self._clock()
        logits = self._logits(batch.model, windows)
        seconds = self._clock() - began
        failed = int(np.isnan(logits).any(axis=1).sum())
        # splitting and retrying would make the engine look slower than it is, and so would small
        # batches: what waits in the backlog is scored in full ones
        if not failed and tokens * _LARGE >= batch.model.token_budget:
            self._throughput.observe(self._busy_tokens / self._share, seconds)
        self._deliver(batch, logits)
        step = batch.model.length_step
        padded = sum(padded_length(len(window), step) for window in windows)
        self._on_batch(BatchReport(len(windows), tokens, padded, seconds, failed))
        if failed == len(windows) and not self._scores_canary(batch.model):
            self._broken = True

    def _run(self) -> None:
        while not self._broken and self._backlog.wait():
            try:
                self.score_next()
            except Exception as error:  # noqa: BLE001 - the watchdog sees `_broken` and ends the process
                _log.error("step_failed", error=type(error).__name__)
                self._broken = True

    def _logits(self, model: Reader, windows: list[list[int]], *, again: bool = True) -> Logits:
        """Logits of windows; NaN for a window that fails alone, and twice."""
        try:
            logits = model.logits(windows)
        except Exception as error:  # noqa: BLE001 - an engine may raise anything; the others go on
            _log.warning("engine_failed", error=type(error).__name__, windows=len(windows))
            if len(windows) > 1:
                half = len(windows) // 2
                parts = [self._logits(model, part) for part in (windows[:half], windows[half:])]
                logits = np.concatenate(parts)
            elif again:
                logits = self._logits(model, windows, again=False)
            else:
                logits = np.full((1, len(STANCES)), np.nan, np.float32)
        self.last_progress = self._clock()
        return logits

    def _deliver(self, batch: Batch, logits: Logits) -> None:
        start = 0
        for part in batch.slices:
            stop = start + len(part.rows)
            self._backlog.mark_scored(part)
            self._deliver_slice(part, logits[start:stop])
            start = stop

    def _deliver_slice(self, part: JobSlice, logits: Logits) -> None:
        if np.isnan(logits).any():
            part.job.resolve(EngineFailure("the engine cannot score one of the sentences"))
        else:
            part.job.add_logits(part.rows, logits)

    def _scores_canary(self, model: Reader) -> bool:
        # a client that sends only sentences the engine fails at must not end the service
        windows = model.tokenise([_CANARY]).ids
        return not np.isnan(self._logits(model, windows)).any()
