"""Measure how far annotators agree who labelled the same sentences, each on their own.

What counts is an annotator's standing label; skips and adjudications do not, nor labels given with
a model's answer in sight: two who follow the same model agree with it, and not with each other.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from data.agreement.bootstrap import DocumentBootstrap, Interval, interval_of, without_interval
from data.agreement.coefficients import Numbers, ac1_of, alpha_of, counts_of, prevalence_of
from data.agreement.verdict import DOCUMENTS_OF_INTERVAL
from data.judgements.resolve import Resolved
from model.errors import NotEnoughData
from model.stance import STANCES, Stance

Labels = tuple[Stance, ...]
_COUNTS = 6  # columns of counts_of


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
    """Two annotators.

    Attributes:
        sentences: how many both have labelled.
        same_labels: share of those with the same label set.
        alpha: NaN where the two gave a label to all of them, or to none.
    """

    first: str
    second: str
    sentences: int
    same_labels: float
    alpha: Mapping[Stance, float]


@dataclass(frozen=True)
class AnnotatorAgreement:
    """Agreement on all sentences that two or more annotators have labelled.

    Attributes:
        documents: a sentence that names none is one of its own.
        answers: how many have the stance or lack it, whichever is fewer.
        annotators: how many of these sentences each has labelled.
        same: share of pairs of answers that agree on whether the stance is there.
        prevalence: share of answers that have the stance.
        alpha: Krippendorff's alpha of each stance, present or absent, nominal.
        ac1: Gwet's AC1 of each stance, which prevalence does not pull down.
        same_labels: share of pairs of answers with the same label set.
        between: every two annotators with a sentence in common.
        disputed: the sentences with any disagreement, most first.
    """

    sentences: int
    documents: int
    answers: Mapping[Stance, int]
    annotators: Mapping[str, int]
    same: Mapping[Stance, Interval]
    prevalence: Mapping[Stance, float]
    alpha: Mapping[Stance, Interval]
    ac1: Mapping[Stance, Interval]
    same_labels: Interval
    between: list[Between]
    disputed: list[Shared]


def shared_sentences(resolved: Sequence[Resolved]) -> list[Shared]:
    """List the sentences that two or more annotators have labelled.

    Whoever writes a name in two ways has one, the first.
    """
    found = []
    names: dict[str, str] = {}
    for each in resolved:
        votes = [vote for vote in each.votes if not vote.suggested_by]
        labels = {names.setdefault(e.person, e.annotator): e.labels for e in votes}
        if len(labels) > 1:
            readings = dict(sorted(labels.items()))
            found.append(Shared(each.origin.text, each.origin.doc or each.item, readings))
    return found


def measure_annotators(shared: Sequence[Shared]) -> AnnotatorAgreement:
    """Measure everything, with intervals from 1,000 bootstrap samples of documents.

    There are no intervals of fewer than DOCUMENTS_OF_INTERVAL documents.

    Raises:
        NotEnoughData: no sentence was labelled by two.
    """
    if not shared:
        raise NotEnoughData("no sentence was labelled by two annotators: agreement needs that")
    annotators = Counter(name for each in shared for name in each.readings)
    answers = np.array([len(each.readings) for each in shared], float)
    given = [_given(shared, stance) for stance in STANCES]
    columns = [*(counts_of(answers, yes) for yes in given), _pairs(shared, answers, given)]
    sums = DocumentBootstrap([each.group for each in shared]).sums(np.hstack(columns))
    of = {s: sums[:, i * _COUNTS : (i + 1) * _COUNTS] for i, s in enumerate(STANCES)}
    pairs = sums[:, len(STANCES) * _COUNTS :]
    documents = len({each.group for each in shared})
    interval = interval_of if documents >= DOCUMENTS_OF_INTERVAL else without_interval
    return AnnotatorAgreement(
        sentences=len(shared),
        documents=documents,
        answers=_answers(answers, given),
        annotators=dict(sorted(annotators.items())),
        same={s: interval(pairs[:, i] / pairs[:, -1]) for i, s in enumerate(STANCES)},
        prevalence={s: float(prevalence_of(of[s])[0]) for s in STANCES},
        alpha={s: interval(alpha_of(of[s])) for s in STANCES},
        ac1={s: interval(ac1_of(of[s])) for s in STANCES},
        same_labels=interval(pairs[:, -2] / pairs[:, -1]),
        between=_between(shared),
        disputed=sorted((s for s in shared if s.dispute), key=lambda s: -s.dispute),
    )


def _given(shared: Sequence[Shared], stance: Stance) -> Numbers:
    """(sentences,): how many annotators gave the stance."""
    return np.array([sum(stance in a for a in each.readings.values()) for each in shared], float)


def _answers(answers: Numbers, given: Sequence[Numbers]) -> dict[Stance, int]:
    yes = {stance: int(each.sum()) for stance, each in zip(STANCES, given, strict=True)}
    return {stance: min(count, int(answers.sum()) - count) for stance, count in yes.items()}


def _pairs(shared: Sequence[Shared], answers: Numbers, given: Sequence[Numbers]) -> Numbers:
    """(sentences, 5): pairs that agree on each stance, on the whole label set, and all pairs."""
    alike = [_pairs_of(yes) + _pairs_of(answers - yes) for yes in given]
    same = [sum(n * (n - 1) / 2 for n in Counter(s.readings.values()).values()) for s in shared]
    return np.stack([*alike, np.array(same, float), _pairs_of(answers)], axis=1)


def _pairs_of(count: Numbers) -> Numbers:
    pairs: Numbers = count * (count - 1) / 2
    return pairs


def _between(shared: Sequence[Shared]) -> list[Between]:
    common: defaultdict[tuple[str, str], list[tuple[Labels, Labels]]] = defaultdict(list)
    for each in shared:
        for first, second in combinations(each.readings, 2):
            common[first, second].append((each.readings[first], each.readings[second]))
    return [_compared(*names, answers) for names, answers in sorted(common.items())]


def _compared(first: str, second: str, answers: Sequence[tuple[Labels, Labels]]) -> Between:
    two = np.full(len(answers), 2.0)
    alpha = {}
    for stance in STANCES:
        yes = np.array([(stance in one) + (stance in other) for one, other in answers], float)
        alpha[stance] = float(alpha_of(counts_of(two, yes).sum(axis=0)[None, :])[0])
    same = sum(one == other for one, other in answers) / len(answers)
    return Between(first, second, len(answers), same, alpha)
