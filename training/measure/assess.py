"""A classifier and held-out annotations to everything a report says of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from data.agreement.bootstrap import Interval
from data.annotation.annotation import Annotation
from data.annotation.behaviour_suite import Case
from model.classifier import StanceClassifier
from model.stance import STANCES
from training.measure.behaviour import FunctionResult, overall_pass_rate, run_behaviour
from training.measure.evaluate import Metrics, Predictions, measure, predict
from training.measure.paired import macro_f1_difference
from training.measure.selective import CoveragePoint, confidence, risk_coverage
from training.measure.slices import Slice, measure_slices

_ERRORS = 30


@dataclass(frozen=True)
class Mistake:
    """A sentence on which the classifier was sure and the annotators said otherwise."""

    text: str
    said: list[str]
    gold: list[str]
    scores: list[float]
    hard: bool


@dataclass(frozen=True)
class Examined:
    """One set of sentences, examined.

    Attributes:
        uncertain: share of sentences marked, and exact match among them and among the others.
        combinations: (gold label set, said label set) to sentences, such as ("demand", "none").
        against_shipped: difference of macro-F1 from the model that ships now, if there is one.
    """

    metrics: Metrics
    uncertain: Mapping[str, float]
    coverage: list[CoveragePoint]
    combinations: Mapping[tuple[str, str], int]
    slices: Mapping[str, Mapping[str, Slice]]
    against_shipped: Interval | None


@dataclass(frozen=True)
class Assessment:
    """Everything that is known of a classifier.

    Attributes:
        sets: by name; "test" is the test part of the annotations.
        predictions: what it said on each of them.
        mistakes: its most confident ones on the test part.
    """

    sets: Mapping[str, Examined]
    predictions: Mapping[str, Predictions]
    behaviour: list[FunctionResult]
    mistakes: list[Mistake]


def assess(
    classifier: StanceClassifier,
    sets: Mapping[str, Sequence[Annotation]],
    cases: Sequence[Case],
    shipped: StanceClassifier | None,
) -> Assessment:
    """Measure on every set; the one called "test" must be among them."""
    predictions = {name: predict(classifier, rows) for name, rows in sets.items()}
    return Assessment(
        sets={
            name: _examine(classifier, predictions[name], rows, shipped)
            for name, rows in sets.items()
        },
        predictions=predictions,
        behaviour=run_behaviour(classifier, cases),
        mistakes=_mistakes(predictions["test"], sets["test"]),
    )


def summary(assessment: Assessment) -> dict[str, Any]:
    """The figures as JSON can hold them, without sentences."""
    sets = {
        name: {
            **asdict(examined.metrics),
            "uncertain": examined.uncertain,
            "coverage": [asdict(point) for point in examined.coverage],
            "combinations": {
                f"{gold} > {said}": n for (gold, said), n in examined.combinations.items()
            },
            "slices": {
                facet: {value: asdict(part) for value, part in parts.items()}
                for facet, parts in examined.slices.items()
            },
            "against_shipped": examined.against_shipped and asdict(examined.against_shipped),
        }
        for name, examined in assessment.sets.items()
    }
    behaviour = {
        "pass_rate": overall_pass_rate(assessment.behaviour),
        "functions": [asdict(each) for each in assessment.behaviour],
    }
    return {**sets.pop("test"), "measured": sets, "behaviour": behaviour}


def _examine(
    classifier: StanceClassifier,
    predictions: Predictions,
    annotations: Sequence[Annotation],
    shipped: StanceClassifier | None,
) -> Examined:
    against = macro_f1_difference(predictions, predict(shipped, annotations)) if shipped else None
    return Examined(
        metrics=measure(predictions),
        uncertain=_uncertain(classifier, predictions),
        coverage=risk_coverage(predictions),
        combinations=_combinations(predictions),
        slices=measure_slices(predictions, annotations),
        against_shipped=against,
    )


def _uncertain(classifier: StanceClassifier, predictions: Predictions) -> dict[str, float]:
    decisions = classifier.manifest.decisions
    marked = np.array(
        [
            any(d.unsure(p) for d, p in zip(decisions, row, strict=True))
            for row in predictions.probabilities.tolist()
        ]
    )
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
            said=_names(predictions.assigned[i]),
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
