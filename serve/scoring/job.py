"""One admitted request while the engine works on it."""

from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import numpy as np

from model.artifact.manifest import Manifest
from model.classifier import SecondReading
from model.decide.second_opinion import Effort
from model.engines.protocol import Logits
from model.scored import ScoredSentence
from model.stance import STANCES
from model.text.sentences import Sentence
from model.text.tokens import Windows


class Reader(Protocol):
    """What the service needs of model.network.Network. Safe for concurrent calls.

    Attributes:
        token_budget: tokens, padding included, that a call of `logits` should have for most speed.
        length_step: windows are padded to a multiple of so many tokens.
        cost: of reading a token, as a multiple of what the model's fast network takes for it.
        foreseen: the cost that a token is expected to bring in all, a second reading included.
    """

    token_budget: int
    length_step: int
    cost: float
    foreseen: float

    def tokenise(self, sentences: Sequence[Sentence]) -> Windows:
        """Turn sentences into token windows."""
        ...

    def logits(self, windows: Sequence[list[int]]) -> Logits:
        """Score windows."""
        ...


class Classifier(Reader, Protocol):
    """What the service needs of model.classifier.StanceClassifier. Safe for concurrent calls.

    Attributes:
        concurrency: how many calls of `logits` at once keep the engine busy; each call is of
            windows of one padded length.
    """

    manifest: Manifest
    concurrency: int
    effort: Effort

    @property
    def careful(self) -> Reader | None:
        """The network that reads some sentences again; None if none does."""
        ...

    def asked_twice(
        self, sentences: Sequence[Sentence], counts: Sequence[int], logits: Logits
    ) -> list[int]:
        """Choose the sentences that `careful` reads too."""
        ...

    def decide(
        self,
        sentences: Sequence[Sentence],
        counts: Sequence[int],
        logits: Logits,
        second: SecondReading | None = None,
    ) -> list[ScoredSentence]:
        """Turn the logits of sentences into their stances."""
        ...


class Job:
    """One request, or a part of one, from admission until its future is resolved.

    Attributes:
        part: whether it is a part of a request that was admitted as a whole.
        future: the logits of all its windows, (windows, stances). It always ends: with logits,
            with an error, or cancelled, which is what happens when the client leaves.
        model: the network that made the windows; only it may score them.
        number: its place in the line; a second reading has that of the first. None before.
        tokens_left: work that is not done yet, as tokens of the fast network; an estimate until
            the windows are known, and then with the second reading that they are expected to need.
        windows_taken: how many windows were handed to the engine so far.
        queued_at: when its windows entered the backlog.
        started_at: when the first of them was handed to the engine; 0 before.
    """

    def __init__(self, *, tokens: int, deadline: float, part: bool = False) -> None:
        self.future: Future[Logits] = Future()
        self.tokens_left, self.deadline, self.part = tokens, deadline, part
        self.model: Reader | None = None
        self.number: int | None = None
        self.windows: list[list[int]] = []
        self.windows_taken = 0
        self.queued_at = self.started_at = 0.0
        self._counting, self._scored = Lock(), 0
        self._logits = np.empty((0, len(STANCES)), np.float32)

    @property
    def was_let_in(self) -> bool:
        """Whether it belongs to a request that was let in before: a part, or a second reading."""
        return self.part or self.number is not None

    def set_windows(self, model: Reader, windows: list[list[int]], *, now: float) -> None:
        """Set what is to be scored, and by which model; without windows the job is done."""
        self.model, self.windows, self.queued_at = model, windows, now
        self.tokens_left = work(model, windows)
        self._logits = np.empty((len(windows), len(STANCES)), np.float32)
        if not windows:
            self.started_at = now
            self.resolve(self._logits)

    def add_logits(self, rows: list[int], logits: Logits) -> None:
        """Store the logits of some windows; the last ones resolve the future."""
        self._logits[rows] = logits
        with self._counting:  # two workers may add at once, and only the last may resolve
            self._scored += len(rows)
            complete = self._scored == len(self.windows)
        if complete:
            self.resolve(self._logits)

    def resolve(self, outcome: Logits | Exception) -> None:
        """Resolve the future, unless it is already resolved or was cancelled just now."""
        with suppress(InvalidStateError):
            if isinstance(outcome, Exception):
                self.future.set_exception(outcome)
            else:
                self.future.set_result(outcome)


def work(model: Reader, windows: Sequence[list[int]]) -> int:
    """Foresee the work that windows bring, as tokens of the fast network."""
    return round(model.foreseen * sum(map(len, windows)))


@dataclass(frozen=True)
class JobSlice:
    """Some windows of one job, by their positions."""

    job: Job
    rows: list[int]

    @property
    def windows(self) -> list[list[int]]:
        """Their token ids."""
        return [self.job.windows[row] for row in self.rows]


@dataclass(frozen=True)
class Batch:
    """What one call of the engine scores: windows of one network and of one padded length."""

    model: Reader
    slices: list[JobSlice]

    @property
    def windows(self) -> list[list[int]]:
        """Token ids of all slices, in their order."""
        return [window for part in self.slices for window in part.windows]
