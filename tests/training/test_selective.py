"""Sureness, and what leaving the unsure sentences out gains."""

import numpy as np
import pytest

from training.evaluate import Predictions
from training.selective import confidence, risk_coverage

THRESHOLDS = (0.5, 0.5, 0.25)


def test_a_sentence_is_as_sure_as_its_least_sure_stance():
    p = np.array([[1.0, 0.0, 1.0], [0.5, 0.0, 1.0], [1.0, 0.0, 0.125], [0.9, 0.1, 0.25]])

    assert confidence(p, THRESHOLDS) == pytest.approx([1.0, 0.0, 0.5, 0.0])


def test_unsure_mistakes_cost_nothing_once_left_out():
    p = np.array([[0.9, 0.1, 0.1]] * 8 + [[0.55, 0.1, 0.1]] * 2)
    gold = np.array([[True, False, False]] * 8 + [[False, False, False]] * 2)
    said = p >= np.array(THRESHOLDS)

    curve = risk_coverage(Predictions(p, said, gold, np.arange(10)), THRESHOLDS)

    exact = {point.coverage: point.exact_match for point in curve}
    assert (exact[0.8], exact[1.0]) == (1.0, 0.8)
