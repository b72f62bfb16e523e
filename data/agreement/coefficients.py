"""Coefficients of agreement on one label, present or absent, from counts a sentence.

Krippendorff's alpha: "Content Analysis", 2004, chapter 11 (nominal data, answers may be missing).
Gwet's AC1: "Computing inter-rater reliability and its variance in the presence of high agreement",
British Journal of Mathematical and Statistical Psychology 61, 2008, equations 8 and 9.

Alpha compares with chance as drawn from all answers, so for a label that is nearly always absent it
is near 0 however well annotators agree: of 50 sentences read by two with one disagreement it is 0.
AC1 is 0.98 there. All figures here need only sums over sentences.
"""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

# columns of `counts_of`
_SENTENCES, _ANSWERS, _YES, _DISAGREEING, _SAME, _SHARE = range(6)


def counts_of(answers: Numbers, yes: Numbers) -> Numbers:
    """Count what the coefficients need.

    Args:
        answers: (sentences,), how many have answered; sentences with fewer than two do not count.
        yes: (sentences,), how many of them say that the label is there.

    Returns:
        (sentences, 6); any sums of its rows are what the other functions take.
    """
    several = answers > 1
    n, no = np.where(several, answers, 2.0), answers - yes
    columns = [
        np.ones_like(n),
        answers,
        yes,
        yes * no / (n - 1),  # pairs that differ, each answer counted once
        (yes * (yes - 1) + no * (no - 1)) / (n * (n - 1)),  # share of pairs that agree
        yes / n,
    ]
    return np.stack(columns, axis=1) * several[:, None]


def alpha_of(sums: Numbers) -> Numbers:
    """Krippendorff's alpha of each row of (rows, 6) sums; NaN where all answers are the same."""
    yes, no = sums[:, _YES], sums[:, _ANSWERS] - sums[:, _YES]
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = 1 - (yes + no - 1) * sums[:, _DISAGREEING] / (yes * no)
    return np.where(yes * no > 0, alpha, np.nan)


def ac1_of(sums: Numbers) -> Numbers:
    """Gwet's AC1 of each row of (rows, 6) sums; 1 where all answers are the same."""
    with np.errstate(divide="ignore", invalid="ignore"):
        same = sums[:, _SAME] / sums[:, _SENTENCES]
        share = sums[:, _SHARE] / sums[:, _SENTENCES]
    chance = 2 * share * (1 - share)
    ac1: Numbers = (same - chance) / (1 - chance)
    return ac1


def prevalence_of(sums: Numbers) -> Numbers:
    """Share of answers that say the label is there, of each row of (rows, 6) sums."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share: Numbers = sums[:, _YES] / sums[:, _ANSWERS]
    return share
