"""Metrics: checked by hand on few rows, by their meaning on many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from model.errors import NotEnoughData
from tests.fakes import FakeClassifier
from training.measure.evaluate import (
    Predictions,
    average_precision,
    expected_calibration_error,
    measure,
    predict,
)
from training.report.tables import metrics_table


def predictions(gold: list[list[int]], assigned: list[list[int]]) -> Predictions:
    p = np.where(np.array(assigned) > 0, 0.9, 0.1)
    return Predictions(p, np.array(assigned) > 0, np.array(gold) > 0, np.arange(len(gold)) // 2)


def test_metrics_by_hand():
    gold = [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    said = [[1, 0, 0], [0, 0, 0], [1, 1, 0], [0, 0, 1]]

    metrics = measure(predictions(gold, said))

    agreement = metrics.stances["agreement"]
    assert agreement.positives == 2
    assert (agreement.precision.value, agreement.recall.value, agreement.f1.value) == (
        0.5,
        0.5,
        0.5,
    )
    assert metrics.stances["demand"].f1.value == 1.0
    assert metrics.macro_f1.value == pytest.approx((0.5 + 1 + 1) / 3)
    assert metrics.exact_match.value == 0.5
    assert (metrics.sentences, metrics.documents) == (4, 2)


def test_intervals_hold_the_value_and_narrow_with_data():
    random = np.random.default_rng(1)

    def drawn(n: int) -> Predictions:
        gold = random.random((n, 3)) < 0.3
        wrong = random.random((n, 3)) < 0.1
        return predictions((gold).astype(int).tolist(), (gold ^ wrong).astype(int).tolist())

    small, large = measure(drawn(100)).macro_f1, measure(drawn(1600)).macro_f1

    for interval in (small, large):
        assert interval.low <= interval.value <= interval.high
    assert large.high - large.low < (small.high - small.low) / 2


def test_calibration_error_of_known_miscalibration():
    p = np.full(1000, 0.8)
    gold = np.arange(1000) % 2 == 0

    assert expected_calibration_error(p, gold) == pytest.approx(0.3, abs=0.01)


def test_the_table_names_every_stance_and_interval():
    table = metrics_table(measure(predictions([[1, 1, 1]] * 4, [[1, 1, 1]] * 4)))

    assert "agreement" in table
    assert "100.0 (100.0-100.0)" in table
    assert "exact match" in table


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.5, 0.7, 1.0])), min_size=1))
def test_average_precision_is_that_of_scikit_learn(rows: list[tuple[bool, float]]):
    gold, p = np.array([each for each, _ in rows]), np.array([each for _, each in rows])

    found = average_precision(gold, p)

    if gold.any():
        assert found == pytest.approx(average_precision_score(gold, p), abs=1e-12)
    else:
        assert np.isnan(found)


def test_a_stance_that_never_occurs_has_no_average_precision():
    metrics = measure(predictions([[1, 0, 0], [0, 0, 0]] * 4, [[1, 0, 0], [0, 0, 1]] * 4))

    assert metrics.stances["demand"].average_precision is None
    assert metrics.macro_average_precision.value == 1.0
    assert " - " in metrics_table(metrics)


def test_nothing_to_evaluate_is_said():
    with pytest.raises(NotEnoughData):
        predict(FakeClassifier(), [])
