"""What a second reading is worth: a model of two networks at each effort on the same sentences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.agreement.bootstrap import DocumentBootstrap, Interval
from data.annotation.annotation import Annotation
from model.classifier import StanceClassifier
from model.decide.second_opinion import Effort
from training.measure.evaluate import exact_match, macro_f1, predictions_of, score


@dataclass(frozen=True)
class AtEffort:
    """How well a classifier does on a set at an effort, and the share that it asked twice."""

    set: str
    effort: Effort
    asked_twice: float
    macro_f1: Interval
    exact_match: float


def by_effort(
    classifier: StanceClassifier, sets: Mapping[str, Sequence[Annotation]]
) -> Iterator[AtEffort]:
    """Measure every set at every effort; nothing for a classifier with one network."""
    if classifier.careful is None:
        return
    for name, annotations in sets.items():
        for effort in Effort:
            yield _measured(classifier.at(effort), name, annotations)


def _measured(
    classifier: StanceClassifier, name: str, annotations: Sequence[Annotation]
) -> AtEffort:
    scored = score(classifier, annotations)
    p = predictions_of(scored, annotations)
    return AtEffort(
        set=name,
        effort=classifier.effort,
        asked_twice=float(np.mean([row.asked_twice for row in scored])),
        macro_f1=DocumentBootstrap(p.groups).interval(lambda rows: macro_f1(p.select(rows))),
        exact_match=exact_match(p),
    )
