"""Two classifiers on the same sentences to the difference between them."""

from data.agreement.bootstrap import DocumentBootstrap, Interval
from training.measure.evaluate import Predictions, macro_f1, stance_f1


def macro_f1_difference(
    candidate: Predictions, other: Predictions, *, level: float = 0.95
) -> Interval:
    """Macro-F1 of `candidate` less that of `other`, with its paired bootstrap interval.

    Both are drawn on the same documents, so what is hard for both does not widen the interval.
    """
    return DocumentBootstrap(candidate.groups).interval(
        lambda rows: macro_f1(candidate.select(rows)) - macro_f1(other.select(rows)),
        level=level,
    )


def f1_difference(candidate: Predictions, other: Predictions, stance: int) -> float:
    """F1 of one stance, by its place in STANCES: that of `candidate` less that of `other`."""
    return stance_f1(candidate, stance) - stance_f1(other, stance)
