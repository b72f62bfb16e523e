"""Annotations to the data of a training run: split once, and checked before anything is trained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from data.annotation.annotation import Annotation
from data.annotation.split import Split, split_annotations
from model.errors import Fault, InvalidData, NotEnoughData
from model.stance import STANCES

Sets = Mapping[str, Sequence[Annotation]]


@dataclass(frozen=True)
class TrainingData:
    """What a run is given; made by `prepare`, which has checked it.

    Attributes:
        split: the annotations in train, dev, test and extra, by document.
        unlabelled: texts without labels, which get soft labels for the final fit.
        judged: texts that users labelled: no teacher softens these labels.
    """

    split: Split
    unlabelled: Sequence[str] = ()
    judged: Sequence[str] = ()


def prepare(
    annotations: Sequence[Annotation],
    *,
    extra: Sequence[Annotation] = (),
    unlabelled: Sequence[str] = (),
    judged: Sequence[str] = (),
    min_positives: int,
    measured: Sets = MappingProxyType({}),
) -> TrainingData:
    """Split annotations by document, and check that they suffice and leak nothing.

    Args:
        annotations: divided into train, dev and test.
        extra: never tested on: their dev documents stop and calibrate, all others are trained on.
        unlabelled: texts without labels.
        judged: texts of `annotations` whose labels no teacher softens.
        min_positives: how many sentences of each stance there must be to train on.
        measured: further sets that figures will be reported on, by name.

    Raises:
        NotEnoughData: a part of the split is empty, or a label too rare.
        InvalidData: a sentence to be measured on would be trained on.
    """
    split = split_annotations(annotations, extra=extra)
    _check_parts(split)
    _check_positives(split, min_positives)
    _check_unseen(split, measured)
    return TrainingData(split, unlabelled, judged)


def _check_parts(split: Split) -> None:
    for name, part in (("train", split.train), ("dev", split.dev), ("test", split.test)):
        if not part:
            raise NotEnoughData(
                f"no document fell into the {name} part: documents are split 70/10/20, "
                "annotate at least some twenty"
            )


def _check_positives(split: Split, min_positives: int) -> None:
    for stance in STANCES:
        positives = sum(stance in each.labels for each in split.fitted)
        if positives < min_positives:
            raise NotEnoughData(
                f"{positives} sentences of the train part are labelled {stance}; the recipe "
                f"wants {min_positives} (min_positives)"
            )


def _check_unseen(split: Split, measured: Sets) -> None:
    """Refuse to report figures on sentences that the model was fitted on or stopped by."""
    seen = {each.text for each in [*split.fitted, *split.dev]}
    faults = [
        Fault(name, i, "text", "trained_on", repr(each.text[:60]), "sentences not trained on")
        for name, rows in measured.items()
        for i, each in enumerate(rows, 1)
        if each.text in seen
    ]
    if faults:
        raise InvalidData(faults)
