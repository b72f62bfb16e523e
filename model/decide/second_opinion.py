"""Which sentences are read twice, and what the two readings together say."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from model.decide.calibration import Platt
from model.decide.labels import Decision


class Effort(StrEnum):
    """How many sentences a model with a careful network reads twice."""

    FAST = "fast"  # none; the careful network is not even loaded
    BALANCED = "balanced"  # those that the fast network doubts
    CAREFUL = "careful"  # all


@dataclass(frozen=True)
class Blend:
    """When the careful network is asked, and how both answers become one.

    Attributes:
        doubt: a sentence is asked twice if the fast network's largest min(p, 1 - p) is above it.
        weight: of the careful network's logits, from 0 to 1; the fast network's have the rest.
        calibration: of the blended logits, one Platt line a stance.
        decisions: from the blended probabilities, one a stance.
    """

    doubt: float
    weight: float
    calibration: tuple[Platt, ...]
    decisions: tuple[Decision, ...]

    def logits(
        self, fast: NDArray[np.float32], careful: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        """Blend the logits of both networks, all (sentences, stances)."""
        return blended(fast, careful, self.weight)


def blended(
    fast: NDArray[np.float32], careful: NDArray[np.float32], weight: float
) -> NDArray[np.float64]:
    """Weigh two networks' logits, all (sentences, stances)."""
    return (1 - weight) * fast.astype(np.float64) + weight * careful.astype(np.float64)


def doubts(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure the doubt of each sentence, from 0 to 0.5: the largest min(p, 1 - p) of a stance."""
    nearest = np.minimum(probabilities, 1 - probabilities)
    largest: NDArray[np.float64] = nearest.max(axis=1, initial=0.0)
    return largest
