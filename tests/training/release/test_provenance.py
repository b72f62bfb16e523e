"""Fingerprints change with what they stand for, and with nothing else."""

import dataclasses

from data.annotation.annotation import Annotation
from data.annotation.split import Split, split_annotations
from training.release.provenance import data_fingerprint, split_fingerprint


def test_another_label_changes_both_fingerprints_and_another_order_neither(
    toy_annotations: list[Annotation],
):
    split = split_annotations(toy_annotations)
    reordered = split_annotations(toy_annotations[::-1])
    relabelled = split_annotations(
        [
            dataclasses.replace(toy_annotations[1], labels=()),
            toy_annotations[0],
            *toy_annotations[2:],
        ]
    )

    for fingerprint in (data_fingerprint, split_fingerprint):
        assert fingerprint(split) == fingerprint(reordered)
        assert fingerprint(split) != fingerprint(relabelled)


def test_a_sentence_in_another_part_changes_the_split_but_not_the_data(
    toy_annotations: list[Annotation],
):
    one, other = Split(train=toy_annotations[:8]), Split(dev=toy_annotations[:8])

    assert data_fingerprint(one) == data_fingerprint(other)
    assert split_fingerprint(one) != split_fingerprint(other)
