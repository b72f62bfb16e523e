"""Shares and their intervals: against other programs, and against archives whose truth is known."""

import numpy as np
import pytest

from data.agreement.bootstrap import RESAMPLES
from serve.archive.report.estimates import ErrorRates, corrected, powered, resampled, shares
from tests.serve.archive.report.simulated import coverage


def same(value: float) -> np.ndarray:
    return np.full(1 + RESAMPLES, value)


def single_sentences(seed: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """An archive of 2,000 documents of a sentence each, 200 of them labelled: said, true, which."""
    random = np.random.default_rng(seed)
    true = (random.random(2000) < 0.3).astype(float)
    said = (random.random(2000) < np.where(true == 1, 0.8, 0.1)).astype(float)
    return said, true, random.choice(2000, 200, replace=False)


def powered_interval():
    said, true, rows = single_sentences()
    table = np.zeros((2000, 6))
    table[:, 0], table[:, 1] = 1, said
    table[rows, 2] = 1
    table[rows, 3], table[rows, 4], table[rows, 5] = said[rows], true[rows], (said * true)[rows]
    sums = resampled(table)
    return powered(shares(sums[:, :2])[:, 0], sums[:, 2:], 2000)


def test_a_share_that_errors_explain_is_no_share():
    rates = ErrorRates(same(0.8), same(0.1))

    assert corrected(same(0.1), rates).value == 0.0
    assert corrected(same(0.8), rates).value == pytest.approx(1.0)
    assert corrected(same(0.05), rates).value == 0.0  # not below


@pytest.mark.parametrize(("share", "true"), [(0.1, 0.0), (0.3, 0.28571429), (0.55, 0.64285714)])
def test_correcting_gives_what_quapy_gives(share: float, true: float):
    """By ACC.solve_adjustment of QuaPy 0.2.3, inversion, with rates of 0.8 and 0.1."""
    assert corrected(same(share), ErrorRates(same(0.8), same(0.1))).value == pytest.approx(true)


def test_labels_give_what_ppi_python_gives():
    """By ppi_mean_ci of ppi-python 0.2.3, which takes sentences for independent: here they are."""
    found = powered_interval()

    assert (found.value, found.low, found.high) == pytest.approx((0.2998, 0.2528, 0.3467), abs=4e-3)


def test_correcting_with_a_model_that_tells_nothing_apart_gives_nothing():
    assert corrected(same(0.3), ErrorRates(same(0.5), same(0.45))) is None


def test_intervals_are_wider_where_the_sentences_of_a_document_are_alike():
    alike = np.array([[10.0, 10.0 * (n % 2)] for n in range(40)])
    mixed = np.array([[10.0, 5.0] for _ in range(40)])

    def width(table: np.ndarray) -> float:
        return float(np.ptp(np.percentile(shares(resampled(table))[1:, 0], [2.5, 97.5])))

    assert width(alike) > 0.2
    assert width(mixed) == 0


def test_labels_of_the_archive_pull_a_biased_share_to_the_truth():
    said, true, _ = single_sentences()

    found = powered_interval()

    assert abs(said.mean() - true.mean()) > 0.005
    assert found.low < true.mean() < found.high
    assert found.high - found.low < 0.11  # 200 labels alone: 0.127


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    """By 100 archives, of which 95 are expected; 88 or fewer are one chance in 200."""
    held = coverage(100, 40, 0.08)

    assert held["corrected"] >= 0.88
    assert held["with labels"] >= 0.88
    assert held["true labels"] >= 0.88
    assert held["as labelled"] < held["corrected"]
