"""Labels that look wrong are found among those the model never saw, and only there."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

import pytest

from data.annotation.annotation import Annotation
from data.annotation.split import Split, part_of, split_annotations
from data.judgements.event import Act, Event
from data.judgements.resolve import Resolved, resolve
from model.stance import STANCES, Stance
from tests.fakes import FakeClassifier
from training.measure.label_errors import find_label_errors, unseen

DEMAND = Stance.DEMAND


def said(text: str, *labels: Stance, at: str = "2026-11-01", doc: str | None = None) -> Event:
    return Event(Act.LABEL, text, "anna", f"{at}T00:00:00.000000Z", labels, doc=doc)


def texts(held: Sequence[Resolved]) -> list[str]:
    return [each.origin.text for each in held]


MEASURED = [
    Annotation(f"A sentence of {stance} {n}.", (stance,)) for n in range(20) for stance in STANCES
]


def test_what_contradicts_its_own_words_is_found_and_the_rest_is_not():
    right = [said(f"This demand is number {n}.", DEMAND) for n in range(20)]
    wrong = [said("They met, number 1.", DEMAND), said("This is a criticism, number 2.")]
    judged = resolve([*right, *wrong])

    suspects = find_label_errors(FakeClassifier(), judged, MEASURED)

    fingerprints = {each.item: each.fingerprint for each in judged}
    assert {each.item for each in suspects} == {each.item for each in wrong}
    assert all(each.judgements == fingerprints[each.item] for each in suspects)
    assert [each.quality for each in suspects] == pytest.approx([0.1, 0.1])
    assert {each.version for each in suspects} == {"v1"}


@pytest.mark.parametrize("measured", [[], MEASURED[:1], MEASURED])
def test_few_and_one_sided_judgements_are_no_trouble(measured: list[Annotation]):
    judged = resolve([said("They met."), said("They met again.")])

    assert find_label_errors(FakeClassifier(), judged, measured) == []
    assert find_label_errors(FakeClassifier(), [], measured) == []


DOC = {
    part: next(f"d{n}" for n in count() if part_of(f"d{n}") == part)
    for part in ("train", "dev", "test")
}


def test_the_shipped_model_examines_all_but_what_it_was_fitted_on():
    corpus = [Annotation(f"They met in the {part}.", (), doc=doc) for part, doc in DOC.items()]
    held = resolve([said(each.text, DEMAND) for each in corpus] + [said("They came.")])

    assert set(texts(unseen(held, split_annotations(corpus), since=None))) == {
        "They met in the test.",
        "They came.",
    }


def test_a_retrained_model_examines_what_was_judged_after_it_and_what_is_held_out():
    before, after = (f"2026-11-{day}" for day in ("01", "03"))
    held = resolve(
        [
            said("Before.", at=before, doc=DOC["train"]),
            said("Before and after.", at=before, doc=DOC["train"]),
            replace(said("Before and after.", at=after, doc=DOC["train"]), annotator="ben"),
            said("After.", at=after, doc=DOC["train"]),
            said("Held out.", at=before, doc=DOC["test"]),
        ]
    )

    fresh = unseen(held, Split(), since="2026-11-02T09:00:00+00:00")

    assert set(texts(fresh)) == {"After.", "Held out."}


def test_conflicts_are_not_suspected_too():
    held = resolve([said("Hm."), replace(said("Hm.", DEMAND), annotator="ben")])

    assert unseen(held, Split(), since=None) == []
