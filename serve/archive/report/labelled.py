"""Labels of sentences of the archive itself: a random sample of it that people read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.annotation.json_lines import read_json_objects
from model.errors import Fault, InvalidData
from model.stance import STANCES
from serve.archive.report.read_rows import Row

_RANDOM = "random"  # the reason of the annotation queue that draws no sentence for what it is
Cell = tuple[str | None, str | None]  # a group and a time; None is all of them


@dataclass
class Sample:
    """Labelled sentences that were found in the archive, with what the model says of them.

    Attributes:
        chosen: labelled for what they are, such as doubtful ones: they would bias a share.
        missing: labelled sentences that the archive does not have.
    """

    said: list[list[int]] = field(default_factory=list)
    true: list[list[int]] = field(default_factory=list)
    documents: list[int] = field(default_factory=list)
    chosen: int = 0
    missing: int = 0

    def table(self, documents: int) -> NDArray[np.float64]:
        """Sum by document: labelled sentences, then for each stance said, true and both.

        Returns:
            (documents, 1 + 3 * stances).
        """
        table = np.zeros((documents, 1 + 3 * len(STANCES)))
        for number, said, true in zip(self.documents, self.said, self.true, strict=True):
            both = [(s, t, s * t) for s, t in zip(said, true, strict=True)]
            table[number] += [1, *(value for three in both for value in three)]
        return table


class Labelled:
    """Labels by the text of their sentence, which is looked for in the archive once."""

    def __init__(self, path: Path | None) -> None:
        """Read rows of `text` and `labels`, as `make export RESOLVED=1` writes them.

        Raises:
            InvalidData: a row has no text, or labels that are none.
        """
        self.sample = Sample()
        self._wanted: dict[str, list[int]] = {}
        for number, row in [] if path is None else read_json_objects(path):
            text, labels = row.get("text"), row.get("labels")
            if not isinstance(text, str) or not isinstance(labels, list) or not _are_known(labels):
                got = json.dumps(row, ensure_ascii=False)[:80]
                valid = f"a text, and labels among {', '.join(STANCES)}"
                raise InvalidData([Fault(str(path), number, "row", "labels", got, valid)])
            if row.get("selected_by", _RANDOM) != _RANDOM:
                self.sample.chosen += 1
            else:
                self._wanted[text] = [int(stance in labels) for stance in STANCES]
        self.sample.missing = len(self._wanted)

    def find(self, rows: Sequence[Row], number: int) -> None:
        """Note those sentences of a document that are labelled; `number` is its own, from 0."""
        for row in rows if self._wanted else ():
            true = self._wanted.pop(row.text, None)
            if true is not None:
                sample = self.sample
                sample.said.append([int(stance in row.labels) for stance in STANCES])
                sample.true.append(true)
                sample.documents.append(number)
                sample.missing -= 1


def _are_known(labels: list[Any]) -> bool:
    return all(label in tuple(STANCES) for label in labels)
