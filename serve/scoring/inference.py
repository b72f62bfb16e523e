"""From text to stances: admit a request, split and tokenise it, wait for its logits, decide."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from model.artifact.manifest import Manifest
from model.text.language import foreign_sentences
from model.text.tokens import Windows
from model.text.units import Sentence
from serve.clock import Clock
from serve.scoring.backlog import Backlog
from serve.scoring.job import Classifier, Job
from serve.scoring.reading import Reading, each_as_one
from serve.scoring.result import ScoringResult, Timing

# The estimate of a text's tokens before it is tokenised: English has 4.3 characters per token.
_CHARACTERS_PER_TOKEN = 4
# Up to this length a text is split and tokenised at once, on the event loop: a sentence or two take
# 0.1 ms, and handing them to a thread and back takes as long again.
_MAX_CHARACTERS_ON_LOOP = 300
_PREPARING_THREADS = 2  # so that a long statement does not hold up short ones
# Sentences of the parts of a streamed text: few at first, so that something can be shown at once;
# then more, so that batches are full.
_FIRST_PARTS, _LATER_PARTS = (8, 32, 128), 256
_PARTS_UNDER_WAY = 2  # while one is scored, the next is split


class LiveModel(Protocol):
    """Holds the model in service."""

    @property
    def classifier(self) -> Classifier:
        """The model that newly admitted requests get."""
        ...


@dataclass(frozen=True)
class _Prepared:
    sentences: list[Sentence]
    windows: Windows
    foreign: Mapping[int, str]
    split: float
    tokenise: float


class Inference:
    """Scores statements and sentences by way of the backlog. Made and used on the event loop."""

    def __init__(self, live: LiveModel, backlog: Backlog, *, clock: Clock) -> None:
        self._live, self._backlog, self._clock = live, backlog, clock
        self._threads = ThreadPoolExecutor(_PREPARING_THREADS, thread_name_prefix="prepare")

    @property
    def manifest(self) -> Manifest:
        """Of the model in service."""
        return self._live.classifier.manifest

    async def classify(self, text: str, reading: Reading, *, wait: float) -> ScoringResult:
        """Split and score a statement within `wait` seconds.

        Raises:
            Overloaded, DeadlineExceeded, EngineUnhealthy: see serve/refusals.py.
            EngineFailure: the engine cannot score one of its sentences.
        """
        return await self._score(lambda: list(reading.sentences(text)), len(text), wait)

    async def classify_each(self, texts: list[str], *, wait: float) -> ScoringResult:
        """Score each text as one unit; raises what `classify` raises."""
        return await self._score(lambda: each_as_one(texts), sum(map(len, texts)), wait)

    async def stream(
        self, text: str, reading: Reading, *, wait: float
    ) -> AsyncIterator[ScoringResult]:
        """Score a statement part by part, in order; each part comes within `wait` seconds.

        The statement is admitted as a whole before the first part. Closing the iterator stops the
        work. Raises what `classify` raises, at any part.
        """
        tokens, deadline = _estimated_tokens(len(text)), self._clock() + wait
        whole = self._backlog.admit(tokens=tokens, deadline=deadline)
        classifier = self._live.classifier
        under_way: deque[asyncio.Task[ScoringResult]] = deque()
        try:
            async for part in self._parts(lambda: reading.sentences(text)):
                whole.deadline = self._clock() + wait
                scoring = self._score_part(whole, classifier, part, whole.deadline)
                under_way.append(asyncio.create_task(scoring))
                while len(under_way) >= _PARTS_UNDER_WAY:
                    yield await under_way.popleft()
            while under_way:
                yield await under_way.popleft()
        finally:
            whole.future.cancel()
            for task in under_way:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*under_way, return_exceptions=True)

    def check_capacity(self, characters: int) -> None:
        """Raise the Refusal that a text of that length would get now, if any."""
        self._backlog.check_capacity(_estimated_tokens(characters))

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _parts(
        self, sentences: Callable[[], Iterator[Sentence]]
    ) -> AsyncIterator[list[Sentence]]:
        """Sentences in parts, at least one part, each read off the event loop."""
        loop = asyncio.get_running_loop()
        left = await loop.run_in_executor(self._threads, sentences)
        for number, size in enumerate(_part_sizes()):
            part = await loop.run_in_executor(self._threads, list, islice(left, size))
            if not part and number:
                return
            yield part

    async def _score_part(
        self, whole: Job, classifier: Classifier, part: list[Sentence], deadline: float
    ) -> ScoringResult:
        characters = sum(len(sentence.scored) for sentence in part)
        tokens = _estimated_tokens(characters)
        job = self._backlog.admit_part(whole, tokens=tokens, deadline=deadline)
        return await self._score_job(job, classifier, lambda: part, characters)

    async def _score(
        self, split: Callable[[], list[Sentence]], characters: int, wait: float
    ) -> ScoringResult:
        tokens, deadline = _estimated_tokens(characters), self._clock() + wait
        job = self._backlog.admit(tokens=tokens, deadline=deadline)
        # the request keeps this model to its end
        return await self._score_job(job, self._live.classifier, split, characters)

    async def _score_job(
        self,
        job: Job,
        classifier: Classifier,
        split: Callable[[], list[Sentence]],
        characters: int,
    ) -> ScoringResult:
        try:
            ready = await self._in_time(job, self._prepared(classifier, split, characters))
            self._backlog.enqueue(job, classifier, ready.windows.ids)
            logits = await asyncio.wrap_future(job.future)
            scored = classifier.decide(ready.sentences, ready.windows.counts, logits)
            infer, waited = self._clock() - job.started_at, job.started_at - job.queued_at
            timing = Timing(ready.split, ready.tokenise, waited, infer)
            total = sum(map(len, ready.windows.ids))
            return ScoringResult(classifier.manifest, scored, total, timing, ready.foreign)
        finally:
            job.future.cancel()  # however this ends, the backlog no longer counts the job

    async def _in_time(self, job: Job, preparing: Coroutine[None, None, _Prepared]) -> _Prepared:
        """Wait until a request is prepared, or raise what its job has failed with before.

        A thread that prepares cannot be stopped, and the answer does not wait for it.
        """
        task = asyncio.ensure_future(preparing)
        settled = asyncio.wrap_future(job.future)
        settled.add_done_callback(lambda done: done.cancelled() or done.exception())  # it is seen
        try:
            await asyncio.wait((task, settled), return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                await settled  # raises: only a failure settles a job that is not prepared
            return await task
        finally:
            task.cancel()

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
        foreign = foreign_sentences(sentences)
        between = self._clock()
        windows = classifier.tokenise(sentences)
        return _Prepared(sentences, windows, foreign, between - began, self._clock() - between)


def _part_sizes() -> Iterator[int]:
    yield from _FIRST_PARTS
    while True:
        yield _LATER_PARTS


def _estimated_tokens(characters: int) -> int:
    return characters // _CHARACTERS_PER_TOKEN + 1
