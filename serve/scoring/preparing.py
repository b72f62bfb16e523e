"""Texts to sentences and token windows: at once where they are short, in a thread where not."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TypeVar

from model.text.language import foreign_sentences
from model.text.tokens import Windows
from model.text.units import Sentence
from serve.clock import Clock
from serve.scoring.job import Reader

# Up to this length a text is split and tokenised at once, on the event loop: a sentence or two take
# 0.1 ms, and handing them to a thread and back takes as long again.
_MAX_CHARACTERS_ON_LOOP = 300
_THREADS = 2  # so that a long statement does not hold up short ones
# Sentences of the parts of a streamed text: few at first, so that something can be shown at once;
# then more, so that batches are full.
_FIRST_PARTS, _LATER_PARTS = (8, 32, 128), 256

Split = Callable[[], Iterable[Sentence]]
Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class Prepared:
    """What the engine needs of a text, and the seconds that it took to split and tokenise."""

    sentences: list[Sentence]
    windows: Windows
    foreign: Mapping[int, str]
    split: float
    tokenise: float


class Preparation:
    """Prepares texts for the engine. Used on the event loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="prepare")

    async def prepare(
        self, reader: Reader, split: Split, characters: int, *, over: Callable[[], bool]
    ) -> Prepared:
        """Split and tokenise a text of so many characters.

        It is not read on once `over` says that nobody waits for it any more: a client that left, or
        a deadline that passed, must not cost others the thread.
        """
        return await self._run(lambda: self._prepare(reader, split, over), characters)

    async def tokenise(self, reader: Reader, sentences: Sequence[Sentence]) -> Windows:
        """Tokenise sentences that were split before."""
        characters = sum(len(sentence.scored) for sentence in sentences)
        return await self._run(lambda: reader.tokenise(sentences), characters)

    async def parts(
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

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], Outcome], characters: int) -> Outcome:
        if characters <= _MAX_CHARACTERS_ON_LOOP:
            return work()
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _prepare(self, reader: Reader, split: Split, over: Callable[[], bool]) -> Prepared:
        began = self._clock()
        sentences = list(takewhile(lambda _: not over(), split()))
        foreign = foreign_sentences(sentences)
        between = self._clock()
        windows = reader.tokenise(sentences)
        return Prepared(sentences, windows, foreign, between - began, self._clock() - between)


def _part_sizes() -> Iterator[int]:
    yield from _FIRST_PARTS
    while True:
        yield _LATER_PARTS
