"""How much a scorer differs from fp32, and whether other sentences of a batch change a score."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.engines.scorers import Floats, Scorer
from data.annotation.annotation import Annotation
from model.decide.labels import Decision
from training.measure.evaluate import Predictions, macro_f1


@dataclass(frozen=True)
class Fidelity:
    """Differences from fp32 torch on labelled sentences.

    Attributes:
        f1_loss: macro-F1 lost, in points.
        flipped: share of decisions, one a sentence and stance, that differ.
        moved: the largest difference of a probability from that in fp32.
        batch: the largest difference of a sentence's probability alone from that in a batch.
    """

    f1_loss: float
    flipped: float
    moved: float
    batch: float


class FidelityCheck:
    """Compares scorers with the reference on labelled sentences."""

    def __init__(
        self, labelled: Sequence[Annotation], decisions: Sequence[Decision], reference: Scorer
    ) -> None:
        self._labelled, self._texts = labelled, [row.text for row in labelled]
        self._thresholds = np.array([decision.threshold for decision in decisions])
        self._reference = reference.score(self._texts)

    def measure(self, scorer: Scorer, *, alone: int) -> Fidelity:
        """Score all sentences together, and `alone` of them one by one."""
        scores = scorer.score(self._texts)
        picks = np.linspace(0, len(self._texts) - 1, min(alone, len(self._texts))).astype(int)
        singles = np.concatenate([scorer.score([self._texts[i]]) for i in picks])
        return Fidelity(
            f1_loss=100 * (self._macro_f1(self._reference) - self._macro_f1(scores)),
            flipped=float((self._assigned(scores) != self._assigned(self._reference)).mean()),
            moved=float(np.abs(scores - self._reference).max()),
            batch=float(np.abs(singles - scores[picks]).max()),
        )

    def _assigned(self, scores: Floats) -> np.ndarray:
        return scores >= self._thresholds

    def _macro_f1(self, scores: Floats) -> float:
        return macro_f1(Predictions.of(scores, self._assigned(scores), self._labelled))
