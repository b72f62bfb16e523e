"""From text to stances: admit a request, split and tokenise it, wait for its logits, decide."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from model.artifact.manifest import Manifest
from model.scored import ScoredSentence
from model.text.sentences import Sentence, split_sentences
from model.text.tokens import Windows
from serve.clock import Clock
from serve.scoring.backlog import Backlog
from serve.scoring.job import Classifier
from serve.scoring.limits import Limits

# The estimate of a text's tokens before it is tokenised: English has 4.3 characters per token.
_CHARACTERS_PER_TOKEN = 4
# Up to this length a text is split and tokenised at once, on the event loop: a sentence or two take
# 0.1 ms, and handing them to a thread and back takes as long again.
_MAX_CHARACTERS_ON_LOOP = 300
# Two threads, so that a long statement does not hold up short ones.
_PREPARING_THREADS = 2


class LiveModel(Protocol):
    """Holds the model in service."""

    @property
    def classifier(self) -> Classifier:
        """The model that newly admitted requests get."""
        ...


@dataclass(frozen=True)
class Timing:
    """Seconds that one request spent splitting, tokenising, waiting and being scored."""

    split: float
    tokenise: float
    wait: float
    infer: float


@dataclass(frozen=True)
class ScoringResult:
    """The result of one request. One model, that of `manifest`, scored all of its sentences."""

    manifest: Manifest
    scored: list[ScoredSentence]
    tokens: int
    timing: Timing


@dataclass(frozen=True)
class _Prepared:
    sentences: list[Sentence]
    windows: Windows
    split: float
    tokenise: float


class Inference:
    """Scores statements and sentences by way of the backlog. Made and used on the event loop."""

    def __init__(self, live: LiveModel, backlog: Backlog, limits: Limits, *, clock: Clock) -> None:
        self._live, self._backlog, self._limits, self._clock = live, backlog, limits, clock
        self._threads = ThreadPoolExecutor(_PREPARING_THREADS, thread_name_prefix="prepare")

    @property
    def manifest(self) -> Manifest:
        """Of the model in service."""
        return self._live.classifier.manifest

    async def classify(self, text: str, *, wait: float) -> ScoringResult:
        """Split and score a statement within `wait` seconds.

        Raises:
            TooLarge: it has more sentences than allowed.
            Overloaded, DeadlineExceeded, EngineUnhealthy: see serve/refusals.py.
            EngineFailure: the engine cannot score one of its sentences.
        """
        return await self._score(lambda: self._split(text), len(text), wait)

    async def classify_each(self, texts: list[str], *, wait: float) -> ScoringResult:
        """Score each text as one unit; raises what `classify` raises."""
        sentences = [Sentence(i, 0, len(text), text) for i, text in enumerate(texts)]
        return await self._score(lambda: sentences, sum(map(len, texts)), wait)

    def check_capacity(self, characters: int) -> None:
        """Raise the Refusal that a text of that length would get now, if it would get one."""
        self._backlog.check_capacity(_estimated_tokens(characters))

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _split(self, text: str) -> list[Sentence]:
        sentences = split_sentences(text)
        self._limits.check_sentences(len(sentences))
        return sentences

    async def _score(
        self, split: Callable[[], list[Sentence]], characters: int, wait: float
    ) -> ScoringResult:
        tokens, deadline = _estimated_tokens(characters), self._clock() + wait
        job = self._backlog.admit(tokens=tokens, deadline=deadline)
        try:
            classifier = self._live.classifier  # the request keeps this model to its end
            ready = await self._prepared(classifier, split, characters)
            self._backlog.enqueue(job, classifier, ready.windows.ids)
            logits = await asyncio.wrap_future(job.future)
            scored = classifier.decide(ready.sentences, ready.windows.counts, logits)
            infer, waited = self._clock() - job.started_at, job.started_at - job.queued_at
            timing = Timing(ready.split, ready.tokenise, waited, infer)
            total = sum(map(len, ready.windows.ids))
            return ScoringResult(classifier.manifest, scored, total, timing)
        finally:
            job.future.cancel()  # however this ends, the backlog no longer counts the job

    async def _prepared(
        self, classifier: Classifier, split: Callable[[], list[Sentence]], characters: int
    ) -> _Prepared:
        if characters <= _MAX_CHARACTERS_ON_LOOP:
            return self._prepare(classifier, split)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._prepare, classifier, split)

    def _prepare(self, classifier: Classifier, split: Callable[[], list[Sentence]]) -> _Prepared:
        began = self._clock()
        sentences = split()
        between = self._clock()
        windows = classifier.tokenise(sentences)
        return _Prepared(sentences, windows, between - began, self._clock() - between)


def _estimated_tokens(characters: int) -> int:
    return characters // _CHARACTERS_PER_TOKEN + 1
