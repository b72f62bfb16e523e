"""A classifier and held-out annotations to everything that its report shows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from data.agreement.bootstrap import Interval
from data.annotation.annotation import Annotation
from data.annotation.behaviour_suite import Case
from model.classifier import StanceClassifier
from model.scored import ScoredSentence
from model.stance import STANCES
from training.measure.behaviour import FunctionResult, overall_pass_rate, run_behaviour
from training.measure.evaluate import (
    Metrics,
    Predictions,
    measure,
    predict,
    predictions_of,
    score,
)
from training.measure.paired import macro_f1_difference
from training.measure.selective import CoveragePoint, confidence, risk_coverage
from training.measure.slices import Slice, measure_slices

_ERRORS = 30


@dataclass(frozen=True)
class Mistake:
    """A sentence that the classifier was sure of and annotators labelled otherwise."""

    text: str
    predicted: list[str]
    gold: list[str]
    scores: list[float]
    hard: bool


@dataclass(frozen=True)
class SetAssessment:
    """What a classifier gets right on one set of sentences.

    Attributes:
        uncertain: share of sentences marked uncertain, exact match among them and among the others.
        combinations: number of sentences by (gold labels, predicted labels), such as
            ("demand", "none").
        against_shipped: macro-F1 less that of the model that ships now, if there is one.
    """

    metrics: Metrics
    uncertain: Mapping[str, float]
    coverage: list[CoveragePoint]
    combinations: Mapping[tuple[str, str], int]
    slices: Mapping[str, Mapping[str, Slice]]
    against_shipped: Interval | None


@dataclass(frozen=True)
class Assessment:
    """Everything measured about a classifier.

    Attributes:
        sets: by name; "test" is the test part of the annotations.
        predictions: on each set.
        mistakes: the most confident ones on the test part.
    """

    sets: Mapping[str, SetAssessment]
    predictions: Mapping[str, Predictions]
    behaviour: list[FunctionResult]
    mistakes: list[Mistake]


def assess(
    classifier: StanceClassifier,
    sets: Mapping[str, Sequence[Annotation]],
    cases: Sequence[Case],
    shipped: StanceClassifier | None,
) -> Assessment:
    """Measure a classifier on every set, of which one is called "test"."""
    scored = {name: score(classifier, rows) for name, rows in sets.items()}
    predictions = {name: predictions_of(scored[name], rows) for name, rows in sets.items()}
    return Assessment(
        sets={
            name: _assess_set(scored[name], predictions[name], rows, shipped)
            for name, rows in sets.items()
        },
        predictions=predictions,
        behaviour=run_behaviour(classifier, cases),
        mistakes=_mistakes(predictions["test"], sets["test"]),
    )


def metrics_summary(assessment: Assessment) -> dict[str, Any]:
    """Return the figures as JSON can hold them, without sentences."""
    sets = {
        name: {
            **asdict(assessed.metrics),
            "uncertain": assessed.uncertain,
            "coverage": [asdict(point) for point in assessed.coverage],
            "combinations": {
                f"{gold} > {predicted}": n for (gold, predicted), n in assessed.combinations.items()
            },
            "slices": {
                facet: {value: asdict(part) for value, part in parts.items()}
                for facet, parts in assessed.slices.items()
            },
            "against_shipped": assessed.against_shipped and asdict(assessed.against_shipped),
        }
        for name, assessed in assessment.sets.items()
    }
    behaviour = {
        "pass_rate": overall_pass_rate(assessment.behaviour),
        "functions": [asdict(each) for each in assessment.behaviour],
    }
    return {**sets.pop("test"), "measured": sets, "behaviour": behaviour}


def _assess_set(
    scored: Sequence[ScoredSentence],
    predictions: Predictions,
    annotations: Sequence[Annotation],
    shipped: StanceClassifier | None,
) -> SetAssessment:
    against = macro_f1_difference(predictions, predict(shipped, annotations)) if shipped else None
    return SetAssessment(
        metrics=measure(predictions),
        uncertain=_uncertain(scored, predictions),
        coverage=risk_coverage(predictions),
        combinations=_combinations(predictions),
        slices=measure_slices(predictions, annotations),
        against_shipped=against,
    )


def _uncertain(scored: Sequence[ScoredSentence], predictions: Predictions) -> dict[str, float]:
    marked = np.array([bool(row.uncertain) for row in scored])
    right = (predictions.gold == predictions.assigned).all(axis=1)
    return {
        "share": float(marked.mean()),
        "exact_match_marked": float(right[marked].mean()) if marked.any() else 1.0,
        "exact_match_others": float(right[~marked].mean()) if not marked.all() else 0.0,
    }


def _combinations(predictions: Predictions) -> dict[tuple[str, str], int]:
    pairs = zip(map(_named, predictions.gold), map(_named, predictions.assigned), strict=True)
    return dict(Counter(pairs).most_common())


def _mistakes(predictions: Predictions, annotations: Sequence[Annotation]) -> list[Mistake]:
    wrong = np.flatnonzero((predictions.gold != predictions.assigned).any(axis=1))
    sure = confidence(predictions)
    return [
        Mistake(
            text=annotations[i].text,
            predicted=_names(predictions.assigned[i]),
            gold=_names(predictions.gold[i]),
            scores=predictions.probabilities[i].round(3).tolist(),
            hard=annotations[i].hard,
        )
        for i in wrong[np.argsort(-sure[wrong], kind="stable")][:_ERRORS]
    ]


def _names(row: Sequence[bool]) -> list[str]:
    return [str(stance) for stance, holds in zip(STANCES, row, strict=True) if holds]


def _named(row: Sequence[bool]) -> str:
    return " + ".join(_names(row)) or "none"
