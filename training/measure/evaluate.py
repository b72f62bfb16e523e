"""A classifier and annotated sentences to metrics, each with its 95 % interval."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.agreement.bootstrap import DocumentBootstrap, Interval, Statistic
from data.annotation.annotation import Annotation
from model.classifier import StanceClassifier
from model.errors import NotEnoughData
from model.scored import ScoredSentence
from model.stance import STANCES

_ECE_BINS = 10

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class StanceMetrics:
    """How well one stance is found; without positives there is no average precision."""

    positives: int
    precision: Interval
    recall: Interval
    f1: Interval
    average_precision: Interval | None
    ece: float


@dataclass(frozen=True)
class Metrics:
    """How well a classifier does on annotated sentences."""

    sentences: int
    documents: int
    stances: dict[str, StanceMetrics]
    macro_f1: Interval
    macro_average_precision: Interval | None
    exact_match: Interval
    ece: float


@dataclass(frozen=True)
class Predictions:
    """A classifier's output beside the annotators' labels, each (sentences, stances).

    Attributes:
        assigned: the labels that the classifier gave.
        gold: the labels that annotators gave.
        groups: the document number of each sentence; the bootstrap draws whole documents.
    """

    probabilities: Floats
    assigned: Bools
    gold: Bools
    groups: NDArray[np.int64]

    @classmethod
    def of(cls, p: Floats, assigned: Bools, annotations: Sequence[Annotation]) -> "Predictions":
        """Put a classifier's output, (sentences, stances), beside the labels of annotations."""
        _, groups = np.unique([each.group for each in annotations], return_inverse=True)
        gold = np.array([[stance in each.labels for stance in STANCES] for each in annotations])
        return cls(p, assigned, gold, groups)

    def select(self, rows: Sequence[int] | NDArray[np.int64]) -> "Predictions":
        """Return the predictions for some of the sentences."""
        i = np.asarray(rows)
        return Predictions(self.probabilities[i], self.assigned[i], self.gold[i], self.groups[i])


def predict(classifier: StanceClassifier, annotations: Sequence[Annotation]) -> Predictions:
    """Score annotated sentences with the engine that serves.

    Raises:
        NotEnoughData: there are no annotations.
    """
    return predictions_of(score(classifier, annotations), annotations)


def score(classifier: StanceClassifier, annotations: Sequence[Annotation]) -> list[ScoredSentence]:
    """Score annotated sentences; raises as `predict`."""
    if not annotations:
        raise NotEnoughData("there are no annotated sentences to evaluate on")
    return classifier.classify_each([annotation.text for annotation in annotations])


def predictions_of(
    scored: Sequence[ScoredSentence], annotations: Sequence[Annotation]
) -> Predictions:
    """Put scored sentences beside their annotations."""
    return Predictions.of(
        np.array([row.scores for row in scored]),
        np.array([[stance in row.labels for stance in STANCES] for row in scored]),
        annotations,
    )


def measure(predictions: Predictions) -> Metrics:
    """Compute all metrics, with intervals from 1,000 bootstrap samples of documents."""
    p = predictions
    interval = DocumentBootstrap(p.groups).interval
    stances = {str(stance): _measure_stance(p, i, interval) for i, stance in enumerate(STANCES)}
    return Metrics(
        sentences=len(p.groups),
        documents=len(set(p.groups.tolist())),
        stances=stances,
        macro_f1=interval(lambda rows: macro_f1(p.select(rows))),
        macro_average_precision=interval(
            lambda rows: _macro(average_precision, p.gold[rows], p.probabilities[rows])
        )
        if p.gold.any()
        else None,
        exact_match=interval(lambda rows: exact_match(p.select(rows))),
        ece=float(np.mean([each.ece for each in stances.values()])),
    )


def _measure_stance(
    predictions: Predictions, i: int, interval: Callable[[Statistic], Interval]
) -> StanceMetrics:
    p = predictions.probabilities[:, i]
    assigned, gold = predictions.assigned[:, i], predictions.gold[:, i]
    return StanceMetrics(
        positives=int(gold.sum()),
        precision=interval(lambda rows: _precision(gold[rows], assigned[rows])),
        recall=interval(lambda rows: _precision(assigned[rows], gold[rows])),
        f1=interval(lambda rows: _f1(gold[rows], assigned[rows])),
        average_precision=interval(lambda rows: average_precision(gold[rows], p[rows]))
        if gold.any()
        else None,
        ece=expected_calibration_error(p, gold),
    )


def macro_f1(predictions: Predictions) -> float:
    """Average the F1 of all stances."""
    return _macro(_f1, predictions.gold, predictions.assigned)


def stance_f1(predictions: Predictions, i: int) -> float:
    """Return F1 of the stance at index `i` of STANCES."""
    return _f1(predictions.gold[:, i], predictions.assigned[:, i])


def exact_match(predictions: Predictions) -> float:
    """Return the share of sentences with exactly the right labels."""
    return float((predictions.gold == predictions.assigned).all(axis=1).mean())


def expected_calibration_error(p: Floats, gold: Bools) -> float:
    """Average |frequency - probability| over 10 bins of equally many sentences.

    Nguyen and O'Connor, "Posterior calibration and exploratory analysis for natural language
    processing models", 2015 (adaptive bins).
    """
    order = np.argsort(p, kind="stable")
    bins = np.array_split(order, min(_ECE_BINS, len(order)))
    return float(sum(abs(gold[b].mean() - p[b].mean()) * len(b) for b in bins) / len(order))


def _precision(gold: Bools, assigned: Bools) -> float:
    """Return the share of assigned labels that are gold; the recall with swapped arguments."""
    return float(gold[assigned].mean()) if assigned.any() else 0.0


def _f1(gold: Bools, assigned: Bools) -> float:
    total = int(gold.sum()) + int(assigned.sum())
    return 2 * int((gold & assigned).sum()) / total if total else 0.0


def average_precision(gold: Bools, p: Floats) -> float:
    """Return the mean precision over the steps of recall, NaN without positives.

    scikit-learn's function, which a test compares, takes 40 times as long for its checks: 1.8 ms
    for 300 sentences, and the intervals of one set need it 6,000 times.
    """
    if not gold.any():
        return float("nan")
    order = np.argsort(-p, kind="stable")
    ranked, scores = gold[order], p[order]
    last = np.append(np.flatnonzero(np.diff(scores)), len(scores) - 1)  # of equal scores
    found = np.cumsum(ranked)[last]
    recall = np.diff(found / found[-1], prepend=0.0)
    return float(np.sum(recall * found / (last + 1)))


def _macro(statistic: Callable[[Bools, Any], float], gold: Bools, scores: Bools | Floats) -> float:
    each = [statistic(gold[:, i], scores[:, i]) for i in range(gold.shape[1])]
    defined = [value for value in each if not np.isnan(value)]
    return float(np.mean(defined)) if defined else float("nan")
