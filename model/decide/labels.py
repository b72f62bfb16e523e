"""Probabilities to labels: the threshold of each stance, and its uncertain band."""

from collections.abc import Sequence
from dataclasses import dataclass

from model.stance import STANCES, Stance


@dataclass(frozen=True)
class Decision:
    """How one stance is decided from its calibrated probability.

    In the uncertain band, `uncertain_low` <= probability < `uncertain_high`, held-out decisions
    had an accuracy of `uncertain_accuracy` (None: there was no decision in it).
    """

    threshold: float
    uncertain_low: float
    uncertain_high: float
    uncertain_accuracy: float | None

    def holds(self, probability: float) -> bool:
        """Return whether the stance is assigned."""
        return probability >= self.threshold

    def unsure(self, probability: float) -> bool:
        """Return whether the probability lies in the uncertain band."""
        return self.uncertain_low <= probability < self.uncertain_high


def choose_labels(
    probabilities: Sequence[float], decisions: Sequence[Decision]
) -> tuple[tuple[Stance, ...], tuple[Stance, ...]]:
    """Return (labels, uncertain) of one sentence, both in the order of STANCES."""
    rows = list(zip(STANCES, decisions, probabilities, strict=True))
    labels = tuple(stance for stance, decision, p in rows if decision.holds(p))
    uncertain = tuple(stance for stance, decision, p in rows if decision.unsure(p))
    return labels, uncertain
