"""Cross-validation by source holds whole sources out, and measures the same sentences twice."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest

from data.annotation.annotation import Annotation
from model.errors import NotEnoughData
from model.stance import Stance
from training.measure.by_source import cross_validate, source_folds, source_of
from training.measure.evaluate import Predictions
from training.report.tables import by_source_table


def row(source: str, number: int, draw: str = "random") -> Annotation:
    extra = {"source": source, "draw": draw} if source else {}
    labels = (Stance.DEMAND,) if number % 2 else ()
    return Annotation(
        f"{source} {number}.", labels, doc=f"{source}-{number % 5}", register="speech", extra=extra
    )


ROWS = [row(source, n) for source in ("a", "b", "c", "d", "") for n in range(40)]
ROWS += [row("a", n, "weighted") for n in range(40, 60)]


def knows_its_sources(train: Sequence[Annotation], measured: Sequence[Annotation]) -> Predictions:
    """Answer right for sentences whose source it was fitted on, and nothing for others."""
    known = {source_of(each) for each in train}
    right = [source_of(each) in known and "demand" in each.labels for each in measured]
    p = np.array([[0.0, 0.0, float(each)] for each in right])
    return Predictions.of(p, p > 0.5, measured)


def silent(_: str) -> None:
    pass


def test_a_model_that_knows_only_its_sources_loses_everything_on_others():
    found = cross_validate(ROWS, knows_its_sources, folds=2, say=silent)

    assert found.in_source.gold[:, 2].sum() == 80  # of every source, those drawn at random
    assert (found.in_source.assigned == found.in_source.gold).all()
    assert not found.out_of_source.assigned.any()
    assert (found.in_source.gold == found.out_of_source.gold).all()


def test_every_sentence_is_fitted_on_but_those_held_out():
    fits = []

    def remember(train: Sequence[Annotation], measured: Sequence[Annotation]) -> Predictions:
        fits.append((set(map(source_of, train)), {each.group for each in train}, measured))
        return knows_its_sources(train, measured)

    cross_validate(ROWS, remember, folds=2, say=silent)

    for sources, _, measured in fits[:2]:
        assert "" in sources
        assert not sources & set(map(source_of, measured))
    for _, groups, measured in fits[2:4]:
        assert not groups & {each.group for each in measured}


def test_the_curve_grows_by_sources_and_is_measured_on_others():
    found = cross_validate(ROWS, knows_its_sources, folds=2, say=silent)

    assert list(found.curve) == [1, 2]
    assert all(len(each.gold) == len(found.curve[2].gold) for each in found.curve.values())


def test_folds_are_of_equal_size_and_the_same_each_time():
    folds = source_folds(ROWS, 2)

    assert folds == source_folds(ROWS[::-1], 2) == {"a": 0, "b": 1, "c": 1, "d": 0}


def test_fewer_sources_than_folds_are_refused():
    with pytest.raises(NotEnoughData, match="4 sources cannot make 5 folds"):
        cross_validate(ROWS, knows_its_sources, folds=5, say=silent)


def test_the_table_shows_each_register_and_what_is_lost():
    speeches = cross_validate(ROWS, knows_its_sources, folds=2, say=silent)
    mixed = dataclasses.replace(speeches, registers=["news"] * 100 + ["speech"] * 60)

    table = by_source_table(mixed).splitlines()

    assert [line.split()[:2] for line in table[1:4]] == [
        ["all", "160"],
        ["news", "100"],
        ["speech", "60"],
    ]
    assert "fitted on   2 sources" in table[-1]
