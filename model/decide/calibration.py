"""Logits to calibrated probabilities: Platt scaling, one line a stance.

Platt, "Probabilistic outputs for support vector machines", 1999:
p = sigmoid(slope * z + intercept).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Platt:
    """Slope and intercept of one stance; (1, 0) leaves the plain sigmoid."""

    slope: float
    intercept: float


def probabilities(
    logits: NDArray[np.float32] | NDArray[np.float64], calibration: Sequence[Platt]
) -> NDArray[np.float64]:
    """Calibrate logits to probabilities, both (sentences, stances)."""
    slopes = np.array([platt.slope for platt in calibration])
    intercepts = np.array([platt.intercept for platt in calibration])
    scaled = logits.astype(np.float64) * slopes + intercepts
    # the tanh form of the sigmoid does not overflow for large |z|
    calibrated: NDArray[np.float64] = 0.5 * (1.0 + np.tanh(0.5 * scaled))
    return calibrated
