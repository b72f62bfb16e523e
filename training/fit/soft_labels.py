"""Soft labels of a teacher: the probabilities that a larger network gave to texts, by their hash.

Their file is TSV, one text a row: the first 16 hexadecimal digits of the sha256 of its
UTF-8 bytes (at a million texts two collide with a chance of 3e-8), then a probability a stance, in
the order of STANCES. Knowledge distillation: Hinton and others, "Distilling the knowledge in a
neural network", 2015.
"""

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.durable import replace_text
from model.errors import Fault, InvalidData
from model.stance import STANCES

Probabilities = NDArray[np.float64]

_DIGITS = 16


@dataclass(frozen=True)
class SoftLabels:
    """A teacher's probabilities, (stances,) a text, by the hash of the text."""

    of_hash: Mapping[str, tuple[float, ...]]

    def known(self, texts: Sequence[str]) -> list[str]:
        """Return those of the texts that the teacher has probabilities for."""
        return [text for text in texts if _hash(text) in self.of_hash]

    def without(self, texts: Iterable[str]) -> "SoftLabels":
        """Return the same soft labels but those of these texts."""
        unwanted = {_hash(text) for text in texts}
        return SoftLabels({k: row for k, row in self.of_hash.items() if k not in unwanted})

    def of(self, texts: Sequence[str], otherwise: Probabilities) -> Probabilities:
        """Return probabilities, (texts, stances), with rows of `otherwise` for unknown texts."""
        rows = [
            self.of_hash.get(_hash(text), row) for text, row in zip(texts, otherwise, strict=True)
        ]
        return np.array(rows, np.float64).reshape(-1, len(STANCES))


def read_teacher(path: str, *, silent_about: Iterable[str] = ()) -> SoftLabels | None:
    """Read the teacher that a recipe names, but its soft labels of some texts; None without name.

    Raises:
        InvalidData: as `read_soft_labels`.
    """
    return read_soft_labels(Path(path)).without(silent_about) if path else None


def read_soft_labels(path: Path) -> SoftLabels:
    """Read a file of soft labels.

    Raises:
        InvalidData: it cannot be read, or with every faulty row.
    """
    try:
        with path.open(encoding="ascii", newline="") as file:
            rows = list(csv.reader(file, delimiter="\t"))
    except (OSError, ValueError) as error:
        fault = Fault(str(path), 0, "file", "unreadable", str(error), "a file of soft labels")
        raise InvalidData([fault]) from error
    if faults := list(_faults(str(path), rows)):
        raise InvalidData(faults)
    return SoftLabels({row[0]: tuple(map(float, row[1:])) for row in rows})


def write_soft_labels(path: Path, texts: Sequence[str], probabilities: Probabilities) -> None:
    """Write soft labels of texts, rounded to a thousandth; the same ones give the same bytes."""
    rows = {
        _hash(text): "\t".join(f"{p:.3f}" for p in row)
        for text, row in zip(texts, probabilities, strict=True)
    }
    replace_text(path, "".join(f"{digest}\t{row}\n" for digest, row in sorted(rows.items())))


def _faults(name: str, rows: Sequence[Sequence[str]]) -> Iterator[Fault]:
    valid = f"{_DIGITS} hexadecimal digits and {len(STANCES)} probabilities"
    for number, row in enumerate(rows, 1):
        if len(row) != 1 + len(STANCES) or len(row[0]) != _DIGITS or not all(map(_is_p, row[1:])):
            yield Fault(name, number, "row", "soft_label", "\t".join(row)[:60], valid)


def _is_p(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
