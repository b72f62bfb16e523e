"""Calibration and thresholds from held-out logits."""

import numpy as np
import pytest

from model.decide.calibration import probabilities
from model.errors import NotEnoughData
from training.fit.calibrate import best_threshold, calibrate, choose_threshold, decide
from training.measure.evaluate import expected_calibration_error


def overconfident(n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Gold drawn with sigmoid(z); logits three times too large and shifted."""
    random = np.random.default_rng(0)
    z = random.normal(-1, 1.5, (n, 3))
    gold = (random.random((n, 3)) < 1 / (1 + np.exp(-z))).astype(np.float32)
    return (3 * z + 2).astype(np.float32), gold


def test_overconfidence_is_taken_back():
    logits, gold = overconfident()

    fitted = calibrate(logits, gold)

    assert [platt.slope for platt in fitted.calibration] == pytest.approx([1 / 3] * 3, abs=0.05)
    p = probabilities(logits, fitted.calibration)
    raw = 1 / (1 + np.exp(-logits.astype(float)))
    for i in range(3):
        assert expected_calibration_error(p[:, i], gold[:, i] > 0) < 0.03
        assert expected_calibration_error(raw[:, i], gold[:, i] > 0) > 0.1


def test_the_threshold_is_half_the_best_f1_for_calibrated_scores():
    """Lipton and others, "Optimal thresholding of classifiers to maximize F1 measure", 2014."""
    logits, gold = overconfident(40_000)
    fitted = calibrate(logits, gold)
    p, y = probabilities(logits, fitted.calibration)[:, 0], gold[:, 0] > 0

    threshold = best_threshold(p, y)

    assigned = p >= threshold
    f1 = 2 * (assigned & y).sum() / (assigned.sum() + y.sum())
    assert threshold == pytest.approx(f1 / 2, abs=0.06)


def test_another_threshold_than_a_half_must_have_proved_itself():
    random = np.random.default_rng(1)
    p = random.random(40_000) ** 3  # rare: the best threshold lies well below a half
    gold = random.random(40_000) < p

    assert choose_threshold(p, gold) == best_threshold(p, gold) < 0.5
    assert choose_threshold(p[:400], gold[:400]) == 0.5


def test_decisions_in_the_uncertain_band_were_right_less_than_four_times_in_five():
    logits, gold = overconfident()
    fitted = calibrate(logits, gold)
    p = probabilities(logits, fitted.calibration)

    for i, decision in enumerate(fitted.decisions):
        inside = (p[:, i] >= decision.uncertain_low) & (p[:, i] < decision.uncertain_high)
        right = (p[:, i] >= decision.threshold) == (gold[:, i] > 0)
        assert decision.uncertain_low <= decision.threshold <= decision.uncertain_high
        assert right[inside].mean() == pytest.approx(decision.uncertain_accuracy)
        assert decision.uncertain_accuracy is not None
        assert decision.uncertain_accuracy < 0.8
        assert right[~inside].mean() > 0.84


def test_a_perfect_stance_has_no_uncertain_band():
    p = np.array([0.01] * 50 + [0.99] * 50)

    decision = decide(p, p > 0.5)

    assert decision.uncertain_low == decision.uncertain_high == decision.threshold
    assert decision.uncertain_accuracy is None


def test_logits_that_fall_with_the_label_are_refused():
    logits, gold = overconfident()

    with pytest.raises(NotEnoughData, match="agreement"):
        calibrate(-logits, gold)
