"""From text to stances: admit a request, split and tokenise it, wait for its logits, decide."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from typing import Protocol

from model.artifact.manifest import Manifest
from model.classifier import SecondReading
from model.engines.protocol import Logits
from model.network import strongest
from model.text.units import Sentence
from serve.clock import Clock
from serve.scoring.backlog import Backlog
from serve.scoring.job import Classifier, Job
from serve.scoring.preparing import Outcome, Preparation, Prepared, Split
from serve.scoring.reading import Reading, each_as_one
from serve.scoring.result import ScoringResult, Timing

# The estimate of a text's tokens before it is tokenised: English has 4.3 characters per token.
_CHARACTERS_PER_TOKEN = 4
_PARTS_UNDER_WAY = 2  # of a streamed text: while one is scored, the next is split


class LiveModel(Protocol):
    """Holds the model in service."""

    @property
    def classifier(self) -> Classifier:
        """The model that newly admitted requests get."""
        ...


class Inference:
    """Scores statements and sentences by way of the backlog. Made and used on the event loop."""

    def __init__(self, live: LiveModel, backlog: Backlog, *, clock: Clock) -> None:
        self._live, self._backlog, self._clock = live, backlog, clock
        self._preparation = Preparation(clock)

    @property
    def classifier(self) -> Classifier:
        """The model in service."""
        return self._live.classifier

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
        return await self._score(lambda: reading.sentences(text), len(text), wait)

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
        classifier, deadline = self._live.classifier, self._clock() + wait
        tokens = _estimated_work(classifier, len(text))
        whole = self._backlog.admit(tokens=tokens, deadline=deadline)
        under_way: deque[asyncio.Task[ScoringResult]] = deque()
        try:
            async for part in self._preparation.parts(lambda: reading.sentences(text)):
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
        self._backlog.check_capacity(_estimated_work(self._live.classifier, characters))

    def close(self) -> None:
        """End the threads."""
        self._preparation.close()

    async def _score_part(
        self, whole: Job, classifier: Classifier, part: list[Sentence], deadline: float
    ) -> ScoringResult:
        characters = sum(len(sentence.scored) for sentence in part)
        tokens = _estimated_work(classifier, characters)
        job = self._backlog.admit_part(whole, tokens=tokens, deadline=deadline)
        return await self._score_job(job, classifier, lambda: part, characters)

    async def _score(self, split: Split, characters: int, wait: float) -> ScoringResult:
        classifier, deadline = self._live.classifier, self._clock() + wait
        tokens = _estimated_work(classifier, characters)
        job = self._backlog.admit(tokens=tokens, deadline=deadline)
        # the request keeps this model to its end
        return await self._score_job(job, classifier, split, characters)

    async def _score_job(
        self, job: Job, classifier: Classifier, split: Split, characters: int
    ) -> ScoringResult:
        try:
            over = job.future.done
            preparing = self._preparation.prepare(classifier, split, characters, over=over)
            ready = await self._in_time(job, preparing)
            self._backlog.enqueue(job, classifier, ready.windows.ids)
            logits = await asyncio.wrap_future(job.future)
            infer, waited = self._clock() - job.started_at, job.started_at - job.queued_at
            second, tokens = await self._asked_again(job, classifier, ready, logits)
            scored = classifier.decide(ready.sentences, ready.windows.counts, logits, second)
            spent = self._clock() - job.started_at - infer if second else 0.0
            timing = Timing(ready.split, ready.tokenise, waited, infer, spent)
            total, effort = tokens + sum(map(len, ready.windows.ids)), classifier.effort
            return ScoringResult(classifier.manifest, scored, total, timing, ready.foreign, effort)
        finally:
            job.future.cancel()  # however this ends, the backlog no longer counts the job

    async def _asked_again(
        self, first: Job, classifier: Classifier, ready: Prepared, logits: Logits
    ) -> tuple[SecondReading | None, int]:
        """Let the careful network read what the fast one doubts; return it and its tokens."""
        rows = classifier.asked_twice(ready.sentences, ready.windows.counts, logits)
        careful = classifier.careful
        if not rows or careful is None:
            return None, 0
        job = self._backlog.admit_again(first)
        try:
            sentences = [ready.sentences[row] for row in rows]
            windows = await self._in_time(job, self._preparation.tokenise(careful, sentences))
            self._backlog.enqueue(job, careful, windows.ids)
            again = strongest(await asyncio.wrap_future(job.future), windows.counts)
            return SecondReading(rows, again), sum(map(len, windows.ids))
        finally:
            job.future.cancel()

    async def _in_time(self, job: Job, preparing: Coroutine[None, None, Outcome]) -> Outcome:
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


def _estimated_work(classifier: Classifier, characters: int) -> int:
    return round(classifier.foreseen * (characters // _CHARACTERS_PER_TOKEN + 1))
