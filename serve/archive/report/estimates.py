"""Shares of sentences with a stance: as labelled, corrected for the model's errors, with labels.

Intervals are of 95 % and resample documents, whose sentences are not independent. The correction is
adjusted counting (Forman, "Quantifying counts and costs via classification", 2008). With labels of
the archive itself, it is prediction-powered inference (Angelopoulos et al., 2023; tuned as in
Angelopoulos, Duchi and Zrnic, 2023), which needs only that the labelled sentences were drawn at
random.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.agreement.bootstrap import RESAMPLES, Interval, interval_of
from model.stance import STANCES

Numbers = NDArray[np.float64]

_Z = 1.959964  # of a normal distribution's middle 95 %
# With a difference of the rates below this, correcting divides by next to nothing.
_LEAST_DIFFERENCE = 0.1


@dataclass(frozen=True)
class ErrorRates:
    """How often the model finds a stance where it is, and where it is not.

    The first number of each is the measured one; the others are what other test documents of the
    same kind might have given.

    Attributes:
        found: of the sentences with the stance, the share that gets it (recall).
        false: of those without, the share that gets it.
    """

    found: Numbers
    false: Numbers


def error_rates(metrics: Mapping[str, Any], stance: str, *, seed: int = 0) -> ErrorRates | None:
    """Take the rates of a stance from what training measured on held-out documents.

    Recall and precision are drawn around their values as wide as their published intervals. None
    where the model's manifest has no such figures.
    """
    try:
        measured = metrics["stances"][stance]
        base = measured["positives"] / metrics["sentences"]
        random = np.random.default_rng(seed)
        recall = _drawn(measured["recall"], random)
        precision = _drawn(measured["precision"], random)
    except (KeyError, TypeError, ZeroDivisionError):
        return None
    if not 0 < base < 1:
        return None
    false = recall * base * (1 / precision - 1) / (1 - base)
    return ErrorRates(recall, np.clip(false, 0.0, 1.0))


def resampled(columns: Numbers, *, seed: int = 0) -> Numbers:
    """Sum columns over documents: all of them, then each of 1,000 samples of them.

    Args:
        columns: (documents, columns).
        seed: of the samples.

    Returns:
        (1 + RESAMPLES, columns).
    """
    random, documents = np.random.default_rng(seed), len(columns)
    sums = np.empty((1 + RESAMPLES, columns.shape[1]))
    sums[0] = columns.sum(axis=0)
    for row in range(1, 1 + RESAMPLES):
        times = np.bincount(random.integers(0, documents, documents), minlength=documents)
        # not by BLAS, whose threads wait for one another longer than these small products take
        sums[row] = np.einsum("i,ij->j", times.astype(float), columns)
    return sums


def shares(sums: Numbers) -> Numbers:
    """Divide the columns of `resampled` by its first, the number of sentences."""
    with np.errstate(invalid="ignore", divide="ignore"):
        divided: Numbers = sums[:, 1:] / sums[:, :1]
    return divided


def corrected(share: Numbers, rates: ErrorRates) -> Interval | None:
    """Take the model's errors out of a share and its samples, (1 + RESAMPLES,).

    None where the rates are too near one another to say anything.
    """
    difference = rates.found - rates.false
    if difference[0] < _LEAST_DIFFERENCE:
        return None
    true = (share - rates.false) / np.maximum(difference, _LEAST_DIFFERENCE)
    return interval_of(np.clip(true, 0.0, 1.0))


def powered(share: Numbers, labels: Numbers, sentences: int) -> Interval:
    """Join the model's share of a whole archive with labels of a random sample of it.

    Documents are resampled with all their sentences and labels at once: both say the same of a
    document, and taken for independent they held the true share in 80 to 90 of 100 archives.

    Args:
        share: the share that the model gives, and its samples, (1 + RESAMPLES,).
        labels: of the labelled sentences, in the same samples: their number, how many the model
            gives the stance, how many have it, how many both; (1 + RESAMPLES, 4).
        sentences: of the whole archive.
    """
    count, said, true, both = labels[0]
    weight, spread = 0.0, said / count * (1 - said / count)
    if spread > 0:
        together = both / count - said / count * true / count
        weight = min(1.0, max(0.0, together / ((1 + count / sentences) * spread)))
    with np.errstate(invalid="ignore", divide="ignore"):
        rest = (labels[:, 2] - weight * labels[:, 1]) / labels[:, 0]
    return interval_of(np.clip(weight * share + rest, 0.0, 1.0))


def _drawn(measured: Mapping[str, float], random: np.random.Generator) -> Numbers:
    spread = (measured["high"] - measured["low"]) / (2 * _Z)
    drawn = random.normal(measured["value"], spread, RESAMPLES)
    all_of_them: Numbers = np.clip(np.concatenate([[measured["value"]], drawn]), 0.01, 0.999)
    return all_of_them


def all_rates(metrics: Mapping[str, Any]) -> list[ErrorRates | None]:
    """The rates of every stance, in the order of STANCES."""
    return [error_rates(metrics, stance, seed=i) for i, stance in enumerate(STANCES)]
