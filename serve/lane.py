"""One lane of the engine: batches while busy, never waits when idle, never goes silent.

While one batch is scored, what arrives gathers in the backlog; the next takes what it holds from
there. There is no time to wait for company: alone, a request starts at once.
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
from serve.backlog import Backlog
from serve.pace import Clock, Pace
from serve.ticket import Classifier, Piece, Step

# An engine is given up after this long without an answer, or 20 times what its step should take.
_PATIENCE_SECONDS, _PATIENCE_STEPS = 10.0, 20
# What any engine can score that can score at all.
_CANARY = Sentence(0, 0, 9, "They met.")

_log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class StepReport:
    """What one step was, for the metrics: `padded` counts tokens with padding, `failed` windows."""

    windows: int
    tokens: int
    padded: int
    seconds: float
    failed: int


class Lane:
    """Scores the backlog, step by step, once its `thread` is started; tests call `step` themselves.

    Args:
        share: of the engine's pace that a lane has while all are busy.
    """

    def __init__(
        self,
        backlog: Backlog,
        pace: Pace,
        *,
        share: float = 1.0,
        clock: Clock,
        on_step: Callable[[StepReport], None] = lambda _: None,
    ) -> None:
        self._backlog, self._pace, self._share = backlog, pace, share
        self._clock, self._on_step = clock, on_step
        self.thread = Thread(target=self._run, name="engine", daemon=True)
        self._broken = False
        self._busy_tokens = 0
        self.last_progress = clock()

    @property
    def healthy(self) -> bool:
        """False once the engine failed at everything, or has given no answer for too long."""
        waiting_since = self._backlog.waiting_since
        if self._broken or (not self._busy_tokens and waiting_since is None):
            return not self._broken
        expected = self._busy_tokens / (self._share * self._pace.tokens_per_second)
        patience = max(_PATIENCE_SECONDS, _PATIENCE_STEPS * expected)
        quiet_since = self.last_progress
        if not self._busy_tokens:
            quiet_since = max(quiet_since, waiting_since or 0.0)
        return self._clock() - quiet_since <= patience

    def step(self) -> bool:
        """Score one step; False if there was nothing to score."""
        step = self._backlog.take()
        if step is None:
            return False
        self._busy_tokens = sum(map(len, step.windows))
        try:
            self._score(step)
        finally:
            self._busy_tokens = 0
        return True

    def _score(self, step: Step) -> None:
        windows, tokens = step.windows, self._busy_tokens
        self.last_progress = began = self._clock()
        logits = self._scored(step.model, windows)
        seconds = self._clock() - began
        failed = int(np.isnan(logits).any(axis=1).sum())
        if not failed:
            self._pace.observe(tokens / self._share, seconds)
        self._hand_out(step, logits)
        padded = sum(padded_length(len(window)) for window in windows)
        self._on_step(StepReport(len(windows), tokens, padded, seconds, failed))
        if failed == len(windows) and not self._canary_lives(step.model):
            self._broken = True

    def _run(self) -> None:
        while not self._broken and self._backlog.wait():
            try:
                self.step()
            except Exception as error:  # noqa: BLE001 - never silence: the watchdog ends the process
                _log.error("step_failed", error=type(error).__name__)
                self._broken = True

    def _scored(self, model: Classifier, windows: list[list[int]], *, again: bool = True) -> Logits:
        """Logits of windows; NaN for those that the engine fails at even when alone, and twice."""
        try:
            logits = model.logits(windows)
        except Exception as error:  # noqa: BLE001 - whatever an engine raises, batch mates go on
            _log.warning("engine_failed", error=type(error).__name__, windows=len(windows))
            if len(windows) > 1:
                half = len(windows) // 2
                parts = [self._scored(model, part) for part in (windows[:half], windows[half:])]
                logits = np.concatenate(parts)
            elif again:
                logits = self._scored(model, windows, again=False)
            else:
                logits = np.full((1, len(STANCES)), np.nan, np.float32)
        self.last_progress = self._clock()
        return logits

    def _hand_out(self, step: Step, logits: Logits) -> None:
        start = 0
        for piece in step.pieces:
            stop = start + len(piece.rows)
            self._backlog.settle(piece)
            self._answer(piece, logits[start:stop])
            start = stop

    def _answer(self, piece: Piece, logits: Logits) -> None:
        if np.isnan(logits).any():
            piece.ticket.resolve(EngineFailure("the engine cannot score one of the sentences"))
        else:
            piece.ticket.answer(piece.rows, logits)

    def _canary_lives(self, model: Classifier) -> bool:
        # one client that sends nothing but what the engine fails at must not end the service
        windows = model.tokenise([_CANARY]).ids
        return not np.isnan(self._scored(model, windows)).any()
