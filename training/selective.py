"""How much better a classifier is on the sentences it is sure of."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.evaluate import Predictions

COVERAGES = tuple(np.round(np.arange(0.1, 1.001, 0.05), 2).tolist())


@dataclass(frozen=True)
class CoveragePoint:
    """Share of sentences with exactly the right labels among the surest `coverage` of them."""

    coverage: float
    exact_match: float


def confidence(p: NDArray[np.float64], thresholds: Sequence[float]) -> NDArray[np.float64]:
    """(sentences,) from 0 to 1: distance to the nearest threshold, as share of what is possible.

    `p` is (sentences, stances). A sentence is as sure as its least sure stance.
    """
    limits = np.asarray(thresholds)
    above = (p - limits) / (1 - limits)
    below = (limits - p) / limits
    surest: NDArray[np.float64] = np.where(p >= limits, above, below).min(axis=1)
    return surest


def risk_coverage(predictions: Predictions, thresholds: Sequence[float]) -> list[CoveragePoint]:
    """Exact match among the surest sentences, over coverage.

    El-Yaniv and Wiener, "On the foundations of noise-free selective classification", 2010.
    """
    right = (predictions.gold == predictions.assigned).all(axis=1)
    order = np.argsort(-confidence(predictions.probabilities, thresholds), kind="stable")
    running = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    return [
        CoveragePoint(coverage, float(running[max(1, round(coverage * len(order))) - 1]))
        for coverage in COVERAGES
    ]
