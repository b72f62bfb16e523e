"""Figures of parts: which sentences belong to which, and none on too few."""

from typing import Any

import numpy as np

from data.annotation.annotation import Annotation, HeldStance
from model.stance import Stance
from training.measure.evaluate import Predictions
from training.measure.paired import macro_f1_difference
from training.measure.slices import measure_slices


def annotations(n: int, **fields: Any) -> list[Annotation]:
    return [Annotation("They met.", (), doc=f"d{i}", **fields) for i in range(n)]


def predictions(right: list[bool]) -> Predictions:
    gold = np.array([[True, True, True]] * len(right))
    said = gold & np.array(right)[:, None]
    return Predictions(said.astype(float), said, gold, np.arange(len(right)))


def test_each_value_gets_its_own_figures():
    rows = annotations(40, register="cable", year=1951) + annotations(40, register="note")

    slices = measure_slices(predictions([True] * 40 + [False] * 40), rows)

    assert slices["register"]["cable"].exact_match.value == 1.0
    assert slices["register"]["note"].exact_match.value == 0.0
    assert slices["register"]["note"].sentences == 40
    assert set(slices) == {"register"}  # one length, one decade: nothing to compare


def test_values_with_few_sentences_are_left_out():
    rows = annotations(40, register="a") + annotations(40, register="b") + annotations(9)

    assert set(measure_slices(predictions([True] * 89), rows)["register"]) == {"a", "b"}


def test_voice_and_source_are_facets():
    own = (HeldStance(Stance.DEMAND, "author", None, "own"),)
    told = (HeldStance(Stance.DEMAND, None, None, "reported"),)
    rows = annotations(30, stances=own, extra={"source": "UN"})
    rows += annotations(30, stances=told, extra={"source": "EU"})

    slices = measure_slices(predictions([True] * 60), rows)

    assert (set(slices["voice"]), set(slices["source"])) == ({"own", "reported"}, {"UN", "EU"})


def test_the_difference_of_two_classifiers_is_paired():
    good, bad = predictions([True] * 50), predictions([True] * 25 + [False] * 25)

    difference = macro_f1_difference(good, bad)

    assert difference.value > 0.3
    assert 0 < difference.low < difference.value < difference.high
    assert macro_f1_difference(good, good).high == 0.0
