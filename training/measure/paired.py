"""Paired comparison of two classifiers on the same sentences."""

from data.agreement.bootstrap import DocumentBootstrap, Interval
from training.measure.evaluate import Predictions, macro_f1, stance_f1


def macro_f1_difference(
    candidate: Predictions, other: Predictions, *, level: float = 0.95
) -> Interval:
    """Return macro-F1 of `candidate` less that of `other`, with its paired bootstrap interval.

    Both are resampled on the same documents, so that a document hard for both does not widen it.
    """
    return DocumentBootstrap(candidate.groups).interval(
        lambda rows: macro_f1(candidate.select(rows)) - macro_f1(other.select(rows)),
        level=level,
    )


def f1_difference(candidate: Predictions, other: Predictions, stance: int) -> float:
    """Return F1 of `candidate` less that of `other` for the stance at index `stance` of STANCES."""
    return stance_f1(candidate, stance) - stance_f1(other, stance)
