"""The blend: whom it asks, and that it trusts the network that knows more."""

import numpy as np
import pytest

from model.decide.calibration import probabilities
from model.decide.second_opinion import doubts
from training.fit.calibrate import calibrate
from training.fit.second_opinion import FittedBlend, fit_blend

ROWS = 2000


Made = tuple[np.ndarray, np.ndarray, np.ndarray]


def made(noise_of_fast: float, noise_of_careful: float) -> Made:
    """Two networks' logits of the same labels, each with noise of its own."""
    generator = np.random.default_rng(5)
    gold = (generator.random((ROWS, 3)) < 0.3).astype(np.float32)
    truth = 4 * gold - 2

    def logits(noise: float) -> np.ndarray:
        return (truth + generator.normal(0, noise, gold.shape)).astype(np.float32)

    return logits(noise_of_fast), logits(noise_of_careful), gold


def fitted(networks: Made, share: float) -> FittedBlend:
    fast, careful, gold = networks
    return fit_blend(fast, careful, gold, calibrate(fast, gold), share=share)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_about_the_wanted_share_is_asked_twice(share: float):
    assert fitted(made(2, 1), share).share == pytest.approx(share, abs=0.02)


def test_the_better_network_weighs_more():
    alike = fitted(made(2, 2), 0.3).blend.weight
    better, worse = (fitted(made(2, noise), 0.3).blend.weight for noise in (0.5, 8))

    assert worse < 0.3 < alike < 0.7 < better
    assert better > 0.85


def test_a_network_that_has_learnt_nothing_gets_no_weight():
    fast, _, gold = made(1, 1)
    noise = np.random.default_rng(0).normal(0, 1, gold.shape).astype(np.float32)

    assert fitted((fast, noise, gold), 0.3).blend.weight <= 0.1


def test_what_is_asked_twice_is_decided_better_and_the_probabilities_are_right():
    fast, careful, gold = made(2, 1)
    alone = calibrate(fast, gold)
    blend = fit_blend(fast, careful, gold, alone, share=0.3).blend

    first = probabilities(fast, alone.calibration)
    asked = doubts(first) > blend.doubt
    both = probabilities(blend.logits(fast, careful), blend.calibration)[asked]

    wrong_alone = ((first[asked] > 0.5) != gold[asked]).mean()
    assert ((both > 0.5) != gold[asked]).mean() < 0.5 * wrong_alone
    assert both.mean() == pytest.approx(gold[asked].mean(), abs=0.03)
