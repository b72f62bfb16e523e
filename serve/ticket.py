"""One admitted request on its way through the engine."""

from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import numpy as np

from model.classifier import ScoredSentence
from model.engines.protocol import Logits
from model.manifest import Manifest
from model.stance import STANCES
from model.text.sentences import Sentence
from model.text.tokens import Windows


class Classifier(Protocol):
    """What the service needs of model.classifier.StanceClassifier. Safe for concurrent calls.

    Attributes:
        lanes: calls of `logits`, each of windows of one padded length, that keep the engine busy.
        token_budget: tokens, padding included, that such a call best has.
    """

    manifest: Manifest
    lanes: int
    token_budget: int

    def tokenise(self, sentences: Sequence[Sentence]) -> Windows:
        """Turn sentences into token windows."""
        ...

    def logits(self, windows: Sequence[list[int]]) -> Logits:
        """Score windows."""
        ...

    def decide(
        self, sentences: Sequence[Sentence], counts: Sequence[int], logits: Logits
    ) -> list[ScoredSentence]:
        """Say what sentences express."""
        ...


class Ticket:
    """A request's claim on the engine, from admission until its future is resolved.

    Attributes:
        future: of the logits of all its windows, (windows, stances). It is always resolved:
            by scores, by an error, or by cancelling, which is how a client that left is told.
        model: that which made the windows, and alone may score them.
        owed: tokens of it still to be scored; an estimate until it is loaded.
        taken: windows that went to the engine so far.
        loaded, started: when its windows joined the line, and when the first left it.
    """

    def __init__(self, *, owed: int, deadline: float) -> None:
        self.future: Future[Logits] = Future()
        self.owed, self.deadline = owed, deadline
        self.model: Classifier | None = None
        self.windows: list[list[int]] = []
        self.taken = 0
        self.loaded = self.started = 0.0
        self._counting, self._scored = Lock(), 0
        self._logits = np.empty((0, len(STANCES)), np.float32)

    def load(self, model: Classifier, windows: list[list[int]], *, now: float) -> None:
        """Say what is to be scored, and with what."""
        self.model, self.windows, self.loaded = model, windows, now
        self.owed = sum(map(len, windows))
        self._logits = np.empty((len(windows), len(STANCES)), np.float32)
        if not windows:
            self.resolve(self._logits)

    def answer(self, rows: list[int], logits: Logits) -> None:
        """Take the logits of some windows."""
        self._logits[rows] = logits
        with self._counting:  # two lanes may answer at once, and only the last may resolve
            self._scored += len(rows)
            complete = self._scored == len(self.windows)
        if complete:
            self.resolve(self._logits)

    def resolve(self, outcome: Logits | Exception) -> None:
        """Settle the future; one that is settled already, or cancelled just now, stays so."""
        with suppress(InvalidStateError):
            if isinstance(outcome, Exception):
                self.future.set_exception(outcome)
            else:
                self.future.set_result(outcome)


@dataclass(frozen=True)
class Piece:
    """Some windows of a ticket, by their positions."""

    ticket: Ticket
    rows: list[int]

    @property
    def windows(self) -> list[list[int]]:
        """Their token ids."""
        return [self.ticket.windows[row] for row in self.rows]


@dataclass(frozen=True)
class Step:
    """What one call of the engine scores: windows of one model and of one padded length."""

    model: Classifier
    pieces: list[Piece]

    @property
    def windows(self) -> list[list[int]]:
        """Token ids of all pieces, in their order."""
        return [window for piece in self.pieces for window in piece.windows]
