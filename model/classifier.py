"""The serving path as one line: text, sentences, tokens, logits, probabilities, labels."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.artifact.folder import Artifact
from model.artifact.manifest import Manifest
from model.decide.calibration import probabilities
from model.decide.labels import choose_labels
from model.engines.choose import TOKEN_BUDGET, choose_engine, open_engine
from model.engines.protocol import Engine, Logits
from model.errors import EngineFailure
from model.scored import ScoredSentence
from model.stance import STANCES
from model.text.sentences import split_sentences
from model.text.tokens import SentenceEncoder, Windows
from model.text.units import CLAIMS, Sentence


class StanceClassifier:
    """Scores statements and sentences with one loaded model. Safe for concurrent calls.

    `classify`, `classify_each` and `score` do everything at once; a service calls the three stages
    of `score` separately: `tokenise`, `logits` and `decide`.

    Attributes:
        concurrency: how many calls of `logits` at once keep the engine busy; each call is of
            windows of one padded length.
        token_budget: tokens, padding included, that such a call should have for most speed.
    """

    def __init__(
        self,
        encoder: SentenceEncoder,
        engine: Engine,
        manifest: Manifest,
        *,
        token_budget: int = TOKEN_BUDGET,
    ) -> None:
        self._encoder = encoder
        self._engine = engine
        self.concurrency, self.token_budget = engine.concurrency, token_budget
        self.manifest = manifest

    def classify(self, text: str) -> list[ScoredSentence]:
        """Split a statement into sentences and score each."""
        return self.score(split_sentences(text))

    def classify_each(self, texts: Sequence[str]) -> list[ScoredSentence]:
        """Score each text as one unit; offsets refer to that text."""
        return self.score([Sentence(i, 0, len(text), text) for i, text in enumerate(texts)])

    def score(self, sentences: Sequence[Sentence]) -> list[ScoredSentence]:
        """Score sentences that are already split; the result keeps their order.

        Raises:
            EngineFailure: the engine returned too few or non-finite logits.
        """
        windows = self.tokenise(sentences)
        return self.decide(sentences, windows.counts, self.logits(windows.ids))

    def tokenise(self, sentences: Sequence[Sentence]) -> Windows:
        """Turn sentences into token windows."""
        return self._encoder.encode([sentence.scored for sentence in sentences])

    def logits(self, windows: Sequence[list[int]]) -> Logits:
        """Compute the logits of token windows, (windows, stances), in the order given.

        Raises:
            EngineFailure: the engine returned too few or non-finite logits.
        """
        batches = self._encoder.batches(windows, token_budget=self.token_budget)
        computed = self._engine.logits(batches)
        if [part.shape for part in computed] != [
            (len(batch.rows), len(STANCES)) for batch in batches
        ]:
            raise EngineFailure("the engine did not return logits of every window of every batch")
        logits = np.empty((len(windows), len(STANCES)), np.float32)
        for batch, part in zip(batches, computed, strict=True):
            logits[batch.rows] = part
        if not np.isfinite(logits).all():
            raise EngineFailure("the engine returned scores that are not numbers")
        return logits

    def decide(
        self, sentences: Sequence[Sentence], counts: Sequence[int], logits: Logits
    ) -> list[ScoredSentence]:
        """Decide the labels of sentences from the logits of their windows, `counts` each."""
        scores = probabilities(strongest(logits, counts), self.manifest.calibration)
        return [
            self._decide(sentence, row, count)
            for sentence, row, count in zip(sentences, scores.tolist(), counts, strict=True)
        ]

    def _decide(self, sentence: Sentence, scores: list[float], windows: int) -> ScoredSentence:
        if sentence.kind not in CLAIMS:
            return ScoredSentence(sentence, tuple(scores), (), (), windows)
        labels, uncertain = choose_labels(scores, self.manifest.decisions)
        return ScoredSentence(sentence, tuple(scores), labels, uncertain, windows)


def load_classifier(
    artifact: Artifact, *, threads: int | None = None, gpu: bool = False
) -> StanceClassifier:
    """Load a verified model; `threads` None means every core this process may use.

    `gpu` allows a GPU, where there is one. Its scores differ slightly from those of the manifest's
    engine, so that evaluation and promotion never use it.
    """
    manifest = artifact.manifest
    encoder = SentenceEncoder.from_file(
        artifact.tokenizer, max_window=manifest.max_window, pad_id=manifest.pad_id
    )
    choice = choose_engine(manifest.engine, artifact.graph, gpu=gpu)
    engine = open_engine(choice, artifact.graph, threads=threads)
    return StanceClassifier(encoder, engine, manifest, token_budget=choice.token_budget)


def strongest(logits: Logits, counts: Sequence[int]) -> NDArray[np.float32]:
    """Take the highest logit of a sentence's windows: (windows, stances) to (sentences, stances).

    A stance that any part of a sentence expresses is a stance of the sentence.
    """
    if not counts:
        return logits
    starts = np.cumsum([0, *counts[:-1]])
    return np.maximum.reduceat(logits, starts, axis=0)
