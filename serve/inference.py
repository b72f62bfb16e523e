"""Scoring off the event loop, in the one thread that owns the classifier."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from model.classifier import ScoredSentence
from model.manifest import Manifest
from model.sentences import Sentence, split_sentences
from serve.limits import Limits

Argument = TypeVar("Argument")


class Classifier(Protocol):
    """What the service needs of model.classifier.StanceClassifier; tests pass a fake."""

    manifest: Manifest

    def score(self, sentences: Sequence[Sentence]) -> list[ScoredSentence]:
        """Score sentences, keeping their order."""
        ...

    def classify_each(self, texts: Sequence[str]) -> list[ScoredSentence]:
        """Score each text as one unit."""
        ...


class InferenceThread:
    """Runs a classifier's calls one after the other, so that the event loop stays free."""

    def __init__(self, classifier: Classifier, limits: Limits) -> None:
        self.classifier = classifier
        self._limits = limits
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inference")

    async def classify(self, text: str) -> list[ScoredSentence]:
        """Split and score a statement; raises TooLarge for more sentences than allowed."""
        return await self._run(self._classify, text)

    async def classify_each(self, texts: list[str]) -> list[ScoredSentence]:
        """Score each text as one unit."""
        return await self._run(self.classifier.classify_each, texts)

    def close(self) -> None:
        """Finish what was accepted and stop."""
        self._executor.shutdown()

    def _classify(self, text: str) -> list[ScoredSentence]:
        sentences = split_sentences(text)
        self._limits.check_sentences(len(sentences))
        return self.classifier.score(sentences)

    async def _run(
        self, call: Callable[[Argument], list[ScoredSentence]], argument: Argument
    ) -> list[ScoredSentence]:
        return await asyncio.get_running_loop().run_in_executor(self._executor, call, argument)
