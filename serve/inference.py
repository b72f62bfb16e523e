"""A request's way from text to stances: admitted, prepared off the event loop, scored, decided."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from model.classifier import ScoredSentence
from model.manifest import Manifest
from model.text.sentences import Sentence, split_sentences
from model.text.tokens import Windows
from serve.backlog import Backlog
from serve.limits import Limits
from serve.pace import Clock
from serve.ticket import Classifier

# Before it is split, a text is taken to have a token per four characters: English has 4.3.
_CHARACTERS_PER_TOKEN = 4
# A sentence or two are split and tokenised in 0.1 ms; to a thread and back takes as long again.
_SHORT = 300
# Two threads: a long statement does not hold up short ones.
_PREPARING_THREADS = 2


class LiveModel(Protocol):
    """What knows the model that answers now."""

    @property
    def classifier(self) -> Classifier:
        """The model that newly admitted requests get."""
        ...


@dataclass(frozen=True)
class Timing:
    """Seconds that a request spent in each part of its way."""

    split: float
    tokenise: float
    queue: float
    infer: float


@dataclass(frozen=True)
class Answer:
    """What a request comes to: all of it from the one model of `manifest`."""

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
    """Takes statements and sentences through the backlog. Made and used on the event loop."""

    def __init__(self, live: LiveModel, backlog: Backlog, limits: Limits, *, clock: Clock) -> None:
        self._live, self._backlog, self._limits, self._clock = live, backlog, limits, clock
        self._threads = ThreadPoolExecutor(_PREPARING_THREADS, thread_name_prefix="prepare")

    @property
    def manifest(self) -> Manifest:
        """Of the model that answers now."""
        return self._live.classifier.manifest

    async def classify(self, text: str, *, wait: float) -> Answer:
        """Split and score a statement within `wait` seconds.

        Raises:
            TooLarge: it has more sentences than allowed.
            Overloaded, DeadlineExceeded, EngineUnhealthy: see serve.refusals.
            EngineFailure: the engine cannot score one of its sentences.
        """
        return await self._answer(lambda: self._split(text), len(text), wait)

    async def classify_each(self, texts: list[str], *, wait: float) -> Answer:
        """Score each text as one unit; raises as `classify` does."""
        sentences = [Sentence(i, 0, len(text), text) for i, text in enumerate(texts)]
        return await self._answer(lambda: sentences, sum(map(len, texts)), wait)

    def check_room(self, characters: int) -> None:
        """Raise Overloaded, or another refusal, if a text of that length would not be admitted."""
        self._backlog.check_room(_tokens_of(characters))

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _split(self, text: str) -> list[Sentence]:
        sentences = split_sentences(text)
        self._limits.check_sentences(len(sentences))
        return sentences

    async def _answer(
        self, split: Callable[[], list[Sentence]], characters: int, wait: float
    ) -> Answer:
        ticket = self._backlog.admit(tokens=_tokens_of(characters), deadline=self._clock() + wait)
        try:
            classifier = self._live.classifier  # the request is this model's from here to its end
            ready = await self._prepared(classifier, split, characters)
            self._backlog.load(ticket, classifier, ready.windows.ids)
            logits = await asyncio.wrap_future(ticket.future)
            scored = classifier.decide(ready.sentences, ready.windows.counts, logits)
            infer, queue = self._clock() - ticket.started, ticket.started - ticket.loaded
            timing = Timing(ready.split, ready.tokenise, queue, infer)
            return Answer(classifier.manifest, scored, sum(map(len, ready.windows.ids)), timing)
        finally:
            ticket.future.cancel()  # whatever happened, its room is given back

    async def _prepared(
        self, classifier: Classifier, split: Callable[[], list[Sentence]], characters: int
    ) -> _Prepared:
        if characters <= _SHORT:
            return self._prepare(classifier, split)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._prepare, classifier, split)

    def _prepare(self, classifier: Classifier, split: Callable[[], list[Sentence]]) -> _Prepared:
        began = self._clock()
        sentences = split()
        between = self._clock()
        windows = classifier.tokenise(sentences)
        return _Prepared(sentences, windows, between - began, self._clock() - between)


def _tokens_of(characters: int) -> int:
    return characters // _CHARACTERS_PER_TOKEN + 1
