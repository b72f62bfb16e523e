"""How far annotators agree who labelled the same sentences, each on their own.

What counts is an annotator's standing label; skips and adjudications do not.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from data.agreement.bootstrap import DocumentBootstrap, Interval, Rows, Statistic
from data.agreement.two_readers import nominal_alpha
from data.judgements.event import Act
from data.judgements.resolve import Resolved
from model.errors import NotEnoughData
from model.stance import STANCES, Stance

Labels = tuple[Stance, ...]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Shared:
    """One sentence that several annotators have labelled."""

    text: str
    group: str
    readings: Mapping[str, Labels]

    @property
    def pairs(self) -> list[tuple[Labels, Labels]]:
        """The answers of every two of them."""
        return list(combinations(self.readings.values(), 2))

    @property
    def dispute(self) -> float:
        """Over pairs of annotators, the mean number of labels that only one of the two gave."""
        return sum(len({*one} ^ {*other}) for one, other in self.pairs) / len(self.pairs)


@dataclass(frozen=True)
class Between:
    """Two annotators: sentences both have labelled, share with the same label set, alphas."""

    first: str
    second: str
    sentences: int
    same_labels: float
    alpha: Mapping[Stance, float]


@dataclass(frozen=True)
class AnnotatorAgreement:
    """Agreement on all sentences that two or more annotators have labelled.

    Attributes:
        annotators: how many of these sentences each has labelled.
        same: share of pairs of answers that agree on whether the stance is there.
        alpha: Krippendorff's alpha of each stance, present or absent, nominal.
        same_labels: share of pairs of answers with the same label set.
        between: every two annotators with a sentence in common.
        disputed: the sentences with any disagreement, most first.
    """

    sentences: int
    annotators: Mapping[str, int]
    same: Mapping[Stance, Interval]
    alpha: Mapping[Stance, Interval]
    same_labels: Interval
    between: list[Between]
    disputed: list[Shared]


def shared_sentences(resolved: Sequence[Resolved]) -> list[Shared]:
    """The sentences that two or more annotators have labelled."""
    found = []
    for each in resolved:
        labels = {e.annotator: e.labels for e in each.judgements if e.act == Act.LABEL}
        if len(labels) > 1:
            readings = dict(sorted(labels.items()))
            found.append(Shared(each.origin.text, each.origin.doc or each.item, readings))
    return found


def measure_annotators(shared: Sequence[Shared]) -> AnnotatorAgreement:
    """All figures, with intervals from 1,000 bootstrap samples of documents.

    Raises:
        NotEnoughData: no sentence was labelled by two.
    """
    if not shared:
        raise NotEnoughData("no sentence was labelled by two annotators: agreement needs that")
    counts = Counter(name for each in shared for name in each.readings)
    names = sorted(counts)
    interval = DocumentBootstrap([each.group for each in shared]).interval
    ratings = {stance: _ratings(shared, names, stance) for stance in STANCES}
    return AnnotatorAgreement(
        sentences=len(shared),
        annotators={name: counts[name] for name in names},
        same={stance: interval(_same(shared, stance)) for stance in STANCES},
        alpha={stance: interval(_alpha(ratings[stance])) for stance in STANCES},
        same_labels=interval(_same(shared, None)),
        between=_between(shared, names, ratings),
        disputed=sorted((s for s in shared if s.dispute), key=lambda s: -s.dispute),
    )


def _ratings(shared: Sequence[Shared], names: Sequence[str], stance: Stance) -> Numbers:
    """(annotators, sentences): 1 for yes, 0 for no, NaN for not labelled."""
    return np.array(
        [
            [float(stance in s.readings[name]) if name in s.readings else np.nan for s in shared]
            for name in names
        ]
    )


def _alpha(ratings: Numbers) -> Statistic:
    return lambda rows: nominal_alpha(ratings[:, rows])


def _same(shared: Sequence[Shared], stance: Stance | None) -> Statistic:
    """Share of pairs that agree on the stance, or, without one, on the whole label set."""
    agreeing = np.array(
        [
            sum(a == b if stance is None else (stance in a) == (stance in b) for a, b in s.pairs)
            for s in shared
        ],
        float,
    )
    pairs = np.array([len(s.pairs) for s in shared], float)

    def share(rows: Rows) -> float:
        return float(agreeing[rows].sum() / pairs[rows].sum())

    return share


def _between(
    shared: Sequence[Shared], names: Sequence[str], ratings: Mapping[Stance, Numbers]
) -> list[Between]:
    found = []
    for first, second in combinations(names, 2):
        both = [s.readings for s in shared if first in s.readings and second in s.readings]
        if both:
            same = sum(each[first] == each[second] for each in both) / len(both)
            rows = [names.index(first), names.index(second)]
            alpha = {stance: nominal_alpha(ratings[stance][rows]) for stance in STANCES}
            found.append(Between(first, second, len(both), same, alpha))
    return found
