"""Probabilities to labels: the threshold of each stance, and the band where it is unsure."""

from collections.abc import Sequence
from dataclasses import dataclass

from model.stance import STANCES, Stance


@dataclass(frozen=True)
class Decision:
    """How one stance is decided from its calibrated probability.

    `uncertain_low` <= probability < `uncertain_high` is the band in which out-of-fold decisions
    were right only `uncertain_accuracy` of the time (None: no decision fell into the band).
    """

    threshold: float
    uncertain_low: float
    uncertain_high: float
    uncertain_accuracy: float | None

    def holds(self, probability: float) -> bool:
        """Whether the stance is assigned."""
        return probability >= self.threshold

    def unsure(self, probability: float) -> bool:
        """Whether the probability lies in the band of low published accuracy."""
        return self.uncertain_low <= probability < self.uncertain_high


def choose_labels(
    probabilities: Sequence[float], decisions: Sequence[Decision]
) -> tuple[tuple[Stance, ...], tuple[Stance, ...]]:
    """Return (labels, uncertain) of one sentence, both in the order of STANCES."""
    rows = list(zip(STANCES, decisions, probabilities, strict=True))
    labels = tuple(stance for stance, decision, p in rows if decision.holds(p))
    uncertain = tuple(stance for stance, decision, p in rows if decision.unsure(p))
    return labels, uncertain
