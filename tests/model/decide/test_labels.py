"""Probabilities to labels and to the mark of doubt."""

import numpy as np
import pytest

from model.decide.calibration import Platt, probabilities
from model.decide.labels import Decision, choose_labels
from model.stance import STANCES

DECISIONS = (
    Decision(0.5, 0.4, 0.6, 0.7),
    Decision(0.3, 0.2, 0.35, 0.7),
    Decision(0.5, 0.5, 0.5, None),
)


def test_the_order_of_stances_is_the_order_of_the_logits():
    assert [str(stance) for stance in STANCES] == ["agreement", "criticism", "demand"]


@pytest.mark.parametrize(
    ("scores", "labels", "uncertain"),
    [
        ((0.1, 0.1, 0.1), (), ()),
        ((0.5, 0.3, 0.5), ("agreement", "criticism", "demand"), ("agreement", "criticism")),
        ((0.45, 0.25, 0.9), ("demand",), ("agreement", "criticism")),
        ((0.6, 0.35, 0.4), ("agreement", "criticism"), ()),
    ],
)
def test_each_stance_has_its_own_threshold_and_band(
    scores: tuple[float, ...], labels: tuple[str, ...], uncertain: tuple[str, ...]
):
    assert choose_labels(scores, DECISIONS) == (labels, uncertain)


def test_calibration_is_a_line_then_a_sigmoid():
    logits = np.array([[0.0, 1.0, -2.0], [1000.0, -1000.0, 0.0]], np.float32)

    p = probabilities(logits, (Platt(1, 0), Platt(2, -1), Platt(1, 2)))

    assert p[0] == pytest.approx([0.5, 1 / (1 + np.exp(-1)), 0.5])
    assert p[1] == pytest.approx([1.0, 0.0, 1 / (1 + np.exp(-2))])
