"""Which part a document belongs to: a pure function of its id, so that new data moves nothing."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from data.annotation.annotation import Annotation

# Of 200 salts tried, the one whose parts come nearest in label shares and size on the first 194
# documents. It never changes: a document that moved could have been trained on and then tested on.
SALT = "demarche-50"
_TEST_BUCKETS, _DEV_BUCKETS, _BUCKETS = 200, 100, 1000


@dataclass(frozen=True)
class Split:
    """train is fitted on, dev stops and selects, test is only ever measured on.

    Attributes:
        extra: fitted on like train; from annotations that are never tested on.
        anchored: sentences of test documents that were labelled with a model's answer in sight:
            they may not judge one, and their documents are not trained on.
    """

    train: list[Annotation] = field(default_factory=list)
    dev: list[Annotation] = field(default_factory=list)
    test: list[Annotation] = field(default_factory=list)
    extra: list[Annotation] = field(default_factory=list)
    anchored: list[Annotation] = field(default_factory=list)

    @property
    def fitted(self) -> list[Annotation]:
        """Everything that is fitted on, train first."""
        return [*self.train, *self.extra]


def bucket(group: str, *, salt: str, buckets: int) -> int:
    """A stable number below `buckets` for a document id."""
    digest = hashlib.sha256(f"{salt}:{group}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % buckets


def part_of(group: str, *, salt: str = SALT) -> str:
    """The part of a document: "train" (70 %), "dev" (10 %) or "test" (20 %) of documents."""
    number = bucket(group, salt=salt, buckets=_BUCKETS)
    if number < _TEST_BUCKETS:
        return "test"
    return "dev" if number < _TEST_BUCKETS + _DEV_BUCKETS else "train"


def split_annotations(
    annotations: Iterable[Annotation], *, extra: Iterable[Annotation] = ()
) -> Split:
    """Divide annotations by document; documents are never torn.

    `extra` is never tested on: what would be its test part is trained on.
    """
    parts = Split()
    for annotation in annotations:
        part = part_of(annotation.group)
        out = part == "test" and not annotation.judges
        getattr(parts, "anchored" if out else part).append(annotation)
    for annotation in extra:
        (parts.dev if part_of(annotation.group) == "dev" else parts.extra).append(annotation)
    return parts


def fold_of(group: str, *, folds: int) -> int:
    """The cross-validation fold of a document, independent of its part."""
    return bucket(group, salt=f"{SALT}-fold", buckets=folds)
