"""Two networks' held-out logits to what decides together: whom to ask twice, blend, calibration."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.decide.calibration import probabilities
from model.decide.second_opinion import Blend, blended, doubts
from model.errors import NotEnoughData
from training.fit.calibrate import FittedCalibration, calibrate, calibration_lines

_WEIGHTS = np.round(np.arange(0.0, 1.001, 0.05), 2)

Logits = NDArray[np.float32]


@dataclass(frozen=True)
class FittedBlend:
    """A blend, and the share of held-out sentences that it asks twice."""

    blend: Blend
    share: float


def fit_blend(
    fast: Logits, careful: Logits, gold: Logits, alone: FittedCalibration, *, share: float
) -> FittedBlend:
    """Fit to sentences that neither network was fitted on, all (sentences, stances).

    About `share` of them are asked twice, those that the fast network doubts most by its own
    calibration `alone`. The weight is that of the smallest log loss on these. The blend's
    calibration is fitted to all: sure answers hardly move it, and `careful` effort needs it for
    all.

    Raises:
        NotEnoughData: the blended logits of a stance do not rise with its label.
    """
    doubt = doubts(probabilities(fast, alone.calibration))
    threshold = min(float(np.quantile(doubt, 1 - share)), 0.5)
    asked = doubt > threshold
    weight = _best_weight(fast, careful, gold, asked if asked.any() else ~asked)
    fitted = calibrate(_blended(fast, careful, weight), gold)
    blend = Blend(threshold, weight, fitted.calibration, fitted.decisions)
    return FittedBlend(blend, float(asked.mean()))


def _best_weight(fast: Logits, careful: Logits, gold: Logits, asked: NDArray[np.bool_]) -> float:
    losses = [_loss_on(asked, _blended(fast, careful, float(weight)), gold) for weight in _WEIGHTS]
    return float(_WEIGHTS[int(np.argmin(losses))])


def _loss_on(asked: NDArray[np.bool_], both: Logits, gold: Logits) -> float:
    """Compute the log loss of calibrated blended logits on what is asked twice."""
    try:
        p = probabilities(both, calibration_lines(both, gold))[asked]
    except NotEnoughData:  # of a network that has learnt nothing, at a weight near its own
        return float("inf")
    kept = np.clip(p, 1e-6, 1 - 1e-6)
    return float(-np.where(gold[asked] > 0, np.log(kept), np.log(1 - kept)).mean())


def _blended(fast: Logits, careful: Logits, weight: float) -> Logits:
    return blended(fast, careful, weight).astype(np.float32)
