"""Sureness, and what leaving the unsure sentences out gains."""

import numpy as np
import pytest

from training.measure.evaluate import Predictions
from training.measure.selective import confidence, risk_coverage


def predictions(p: np.ndarray, gold: np.ndarray) -> Predictions:
    return Predictions(p, p >= 0.5, gold, np.arange(len(p)))


def test_a_sentence_is_as_sure_as_all_its_stances_together():
    p = np.array([[1.0, 0.0, 1.0], [0.5, 0.0, 1.0], [0.9, 0.2, 0.5]])

    assert confidence(predictions(p, p >= 0.5)) == pytest.approx([1.0, 0.5, 0.9 * 0.8 * 0.5])


def test_unsure_mistakes_cost_nothing_once_left_out():
    p = np.array([[0.9, 0.1, 0.1]] * 8 + [[0.55, 0.1, 0.1]] * 2)
    gold = np.array([[True, False, False]] * 8 + [[False, False, False]] * 2)

    exact = {c.coverage: c.exact_match for c in risk_coverage(predictions(p, gold))}

    assert (exact[0.8], exact[1.0]) == (1.0, 0.8)
