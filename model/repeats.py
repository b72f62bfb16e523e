"""Score each distinct sentence once: archives repeat themselves.

The scores of a sentence do not depend on its batch (model/text/tokens.py), so that an answer that
is remembered is, to the last bit, the one that the engine would give again.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import accumulate, pairwise
from threading import Lock

import numpy as np

from model.classifier import SecondReading, StanceClassifier
from model.engines.protocol import Logits
from model.errors import EngineFailure
from model.network import strongest
from model.scored import ScoredSentence
from model.stance import STANCES
from model.text.units import Sentence

# 0.3 kB each, 30 MB in all. In archives of statements what repeats (openings, thanks, boilerplate)
# is short and few, and comes again soon.
_REMEMBERED = 100_000

_PROBE = "They met."  # which an engine that works can score

_Answer = tuple[bytes, int]  # logits as float32, and how many windows it took
_Ask = Callable[[list[Sentence]], list[_Answer]]


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
        answers = self._answered(keys, sentences, self._first)
        logits, once = _table(answers, keys), [1] * len(keys)
        rows = self.classifier.asked_twice(sentences, once, logits)
        second = self._second_reading(rows, keys, sentences) if rows else None
        scored = self.classifier.decide(sentences, once, logits, second)
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

    def _second_reading(
        self, rows: list[int], keys: list[bytes], sentences: Sequence[Sentence]
    ) -> SecondReading:
        asked = [b"again" + keys[row] for row in rows]
        answers = self._answered(asked, [sentences[row] for row in rows], self._again)
        return SecondReading(rows, _table(answers, asked))

    def _answered(
        self, keys: list[bytes], sentences: Sequence[Sentence], ask: _Ask
    ) -> dict[bytes, _Answer]:
        """Recall answers, and ask for those that are not remembered."""
        answers = self._recall(keys)
        new: dict[bytes, Sentence] = {
            key: each for key, each in zip(keys, sentences, strict=True) if key not in answers
        }
        if new:
            found = dict(zip(new, ask(list(new.values())), strict=True))
            self._remember(found)
            answers |= found
        return answers

    def _first(self, sentences: list[Sentence]) -> list[_Answer]:
        windows = self.classifier.tokenise(sentences)
        logits = strongest(self.classifier.logits(windows.ids), windows.counts)
        return [(row.tobytes(), n) for row, n in zip(logits, windows.counts, strict=True)]

    def _again(self, sentences: list[Sentence]) -> list[_Answer]:
        careful = self.classifier.careful
        assert careful is not None  # noqa: S101 - nothing is asked twice without one
        return [(row.tobytes(), 1) for row in careful.read(sentences)]

    def _recall(self, keys: list[bytes]) -> dict[bytes, _Answer]:
        with self._lock:
            known = {key: self._answers[key] for key in keys if key in self._answers}
            for key in known:
                self._answers.move_to_end(key)
        return known

    def _remember(self, answers: dict[bytes, _Answer]) -> None:
        if not self._remembered:
            return
        with self._lock:
            self._answers |= answers
            while len(self._answers) > self._remembered:
                self._answers.popitem(last=False)


def _table(answers: dict[bytes, _Answer], keys: list[bytes]) -> Logits:
    table = np.frombuffer(b"".join(answers[key][0] for key in keys), np.float32)
    return table.reshape(len(keys), len(STANCES))
