"""Score each distinct sentence once: archives repeat themselves.

The scores of a sentence do not depend on its batch (model/text/tokens.py), so that an answer that
is remembered is, to the last bit, the one that the engine would give again.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import accumulate, pairwise
from threading import Lock

import numpy as np

from model.classifier import StanceClassifier, strongest
from model.engines.protocol import Logits
from model.errors import EngineFailure
from model.scored import ScoredSentence
from model.stance import STANCES
from model.text.units import Sentence

# 0.3 kB each, 30 MB in all. In archives of statements what repeats (openings, thanks, boilerplate)
# is short and few, and comes again soon.
_REMEMBERED = 100_000

_PROBE = "They met."  # which an engine that works can score

_Answer = tuple[bytes, int]  # logits as float32, and how many windows it took


class ScoreOnce:
    """Scores sentences, each distinct text once. Safe for concurrent calls."""

    def __init__(self, classifier: StanceClassifier, *, remembered: int = _REMEMBERED) -> None:
        """Texts are remembered from call to call, the last `remembered` of them.

        With 0 only those of one call are compared: for engines whose scores depend on the batch.
        """
        self.classifier = classifier
        self._remembered, self._lock = remembered, Lock()
        self._answers: OrderedDict[bytes, _Answer] = OrderedDict()

    def score(self, sentences: Sequence[Sentence]) -> list[ScoredSentence]:
        """Score sentences that are already split; the result keeps their order.

        Raises:
            EngineFailure: the engine returned too few or non-finite logits.
        """
        if not sentences:
            return []
        keys = [blake2b(each.scored.encode(), digest_size=16).digest() for each in sentences]
        answers = self._recall(keys)
        new: dict[bytes, Sentence] = {
            key: each for key, each in zip(keys, sentences, strict=True) if key not in answers
        }
        answers |= self._ask(new)
        table = np.frombuffer(b"".join(answers[key][0] for key in keys), np.float32)
        logits = table.reshape(len(keys), len(STANCES))
        scored = self.classifier.decide(sentences, [1] * len(keys), logits)
        counts = [answers[key][1] for key in keys]
        return [
            row if count == 1 else replace(row, windows=count)
            for row, count in zip(scored, counts, strict=True)
        ]

    def score_each(
        self, documents: Sequence[Sequence[Sentence]]
    ) -> list[list[ScoredSentence] | EngineFailure]:
        """Score documents together; one on which the engine fails gets that failure.

        Raises:
            EngineFailure: the engine scores nothing any more.
        """
        try:
            scored = self.score([each for sentences in documents for each in sentences])
        except EngineFailure:
            return [self._score_alone(sentences) for sentences in documents]
        ends = [0, *accumulate(len(sentences) for sentences in documents)]
        return [scored[start:end] for start, end in pairwise(ends)]

    def _score_alone(self, sentences: Sequence[Sentence]) -> list[ScoredSentence] | EngineFailure:
        try:
            return self.score(sentences)
        except EngineFailure as error:
            self.classifier.classify(_PROBE)
            return error

    def _recall(self, keys: list[bytes]) -> dict[bytes, _Answer]:
        with self._lock:
            known = {key: self._answers[key] for key in keys if key in self._answers}
            for key in known:
                self._answers.move_to_end(key)
        return known

    def _ask(self, new: dict[bytes, Sentence]) -> dict[bytes, _Answer]:
        if not new:
            return {}
        windows = self.classifier.tokenise(list(new.values()))
        logits: Logits = strongest(self.classifier.logits(windows.ids), windows.counts)
        rows = zip(new, logits, windows.counts, strict=True)
        answers = {key: (row.tobytes(), count) for key, row, count in rows}
        if self._remembered:
            with self._lock:
                self._answers |= answers
                while len(self._answers) > self._remembered:
                    self._answers.popitem(last=False)
        return answers
