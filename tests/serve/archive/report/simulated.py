"""Archives whose true shares are known, and a model that errs at known rates."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.agreement.bootstrap import Interval, interval_of
from serve.archive.report.estimates import (
    ErrorRates,
    corrected,
    error_rates,
    powered,
    resampled,
    shares,
)
from serve.archive.report.labelled import Sample

Numbers = NDArray[np.float64]

FOUND, FALSE = 0.83, 0.035  # about those of the shipped model
TESTED = 145  # documents on which it was measured
_ALIKE = 4.0  # how alike the sentences of a document are; smaller is more


@dataclass(frozen=True)
class Archive:
    """True and given labels by document."""

    true: list[Numbers]
    said: list[Numbers]

    def table(self, which: list[Numbers]) -> Numbers:
        return np.array([[len(rows), rows.sum()] for rows in which])


def draw(random: np.random.Generator, documents: int, share: float) -> Archive:
    true, said = [], []
    for _ in range(documents):
        size = 1 + random.poisson(11)
        rows = (random.random(size) < random.beta(_ALIKE * share, _ALIKE * (1 - share))).astype(
            float
        )
        true.append(rows)
        said.append((random.random(size) < np.where(rows == 1, FOUND, FALSE)).astype(float))
    return Archive(true, said)


def measured(random: np.random.Generator) -> ErrorRates:
    """The rates as a model's folder tells them: recall and precision with their intervals."""
    test = draw(random, TESTED, 0.22)
    columns = np.array(
        [[t.sum(), (t * s).sum(), s.sum()] for t, s in zip(test.true, test.said, strict=True)]
    )
    sums = resampled(columns)
    rates = {"recall": interval_of(sums[:, 1] / sums[:, 0])}
    rates["precision"] = interval_of(sums[:, 1] / sums[:, 2])
    figures = {name: vars(each) for name, each in rates.items()}
    stances = {"demand": {"positives": int(columns[:, 0].sum()), **figures}}
    found = error_rates({"sentences": sum(map(len, test.true)), "stances": stances}, "demand")
    assert found is not None
    return found


def intervals(
    random: np.random.Generator, documents: int, share: float, labels: int
) -> dict[str, Interval]:
    """All that the report gives of one archive drawn from those of a true share."""
    archive = draw(random, documents, share)
    true, said = np.concatenate(archive.true), np.concatenate(archive.said)
    names = np.repeat(np.arange(documents), [len(rows) for rows in archive.true])
    rows = random.choice(len(true), labels, replace=False)
    sample = Sample([[int(x)] * 3 for x in said[rows]], [[int(x)] * 3 for x in true[rows]])
    sample.documents = names[rows].tolist()
    table = np.hstack([archive.table(archive.said), sample.table(documents)[:, :4]])
    sums = resampled(table)
    drawn = shares(sums[:, :2])[:, 0]
    truth = shares(resampled(archive.table(archive.true)))[:, 0]
    correct = corrected(drawn, measured(random))
    assert correct is not None
    return {
        "true labels": interval_of(truth),
        "as labelled": interval_of(drawn),
        "corrected": correct,
        "with labels": powered(drawn, sums[:, 2:], len(true)),
    }


def coverage(times: int, documents: int, share: float, labels: int = 200) -> dict[str, float]:
    """How often each interval holds the true share."""
    held: dict[str, int] = {}
    for seed in range(times):
        found = intervals(np.random.default_rng(seed), documents, share, labels)
        for name, each in found.items():
            held[name] = held.get(name, 0) + (each.low <= share <= each.high)
    return {name: count / times for name, count in held.items()}
