"""Every error that Demarche raises on purpose.

DemarcheError
├── InputError            the text or request cannot be scored
│   ├── EmptyText         nothing but white space
│   ├── UnusableText      a NUL or a lone surrogate
│   ├── UnusableSpans     spans that are not sentences of the text sent with them
│   └── TooLarge          over a published limit
├── InvalidData           rows of a file are wrong; carries every fault found
├── NotEnoughData         too few examples of a label to train or calibrate
├── FormatUnknown         no format of annotations has that name, or looks like the file
├── OutputRefused         what would be written over may not be
├── StoreError            the annotation store cannot be opened, read or written
├── ArtifactError         a model folder cannot be trusted
│   ├── ArtifactMissing   no folder, no COMPLETE, or a listed file is gone
│   ├── ArtifactCorrupt   a file's bytes differ from the manifest's sha256
│   ├── ArtifactFormat    a format or engine this version does not know
│   ├── ArtifactLabels    labels, or their order, differ from model.stance
│   └── GoldenMismatch    a loaded model does not give the recorded scores
├── RegistryError         a file of the registry was changed by hand
├── GateFailed            a candidate may not replace the live model, which stays
├── Locked                another process is training, promoting or writing
├── NothingNew            there is nothing to do
├── EngineFailure         the engine gave no, too few or non-finite scores
└── BaseModelError        the pretrained encoder is missing or not the published one

`exit_code` is what a command line exits with (README, "Exit codes").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

_EXAMPLES = 3  # of faults of one kind that are shown


class DemarcheError(Exception):
    """Base of all; caught only at the edges (serve/api/problems.py and the command lines)."""

    exit_code: ClassVar[int] = 1


class InputError(DemarcheError):
    """The text sent cannot be scored; the message says why and what would do."""

    exit_code = 3


class EmptyText(InputError):
    """There is nothing to score."""


class UnusableText(InputError):
    """The text holds a character that no encoding of text should hold."""


class UnusableSpans(InputError):
    """A span is empty, reaches beyond its text, or begins before the one before it ends."""


class TooLarge(InputError):
    """A published limit is exceeded.

    Attributes:
        unit: what is counted, such as "characters".
        limit: the largest number allowed.
        actual: the number found.
    """

    def __init__(self, unit: str, limit: int, actual: int) -> None:
        super().__init__(
            f"{actual:,} {unit} are over the limit of {limit:,}: send the text in parts"
        )
        self.unit, self.limit, self.actual = unit, limit, actual


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one row: where, what was found, what would be right."""

    file: str
    line: int
    field: str
    code: str
    got: str
    valid: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.code}: got {self.got}; {self.valid}"


def fault_lines(faults: Sequence[Fault]) -> list[str]:
    """Faults as lines: more than three of a kind are one, with their number and three examples."""
    kinds: dict[tuple[str, ...], list[Fault]] = {}
    for fault in faults:
        kinds.setdefault((fault.file, fault.field, fault.code), []).append(fault)
    return [line for alike in kinds.values() for line in _kind_lines(alike)]


def _kind_lines(alike: Sequence[Fault]) -> list[str]:
    first = alike[0]
    if len(alike) <= _EXAMPLES:
        return [str(fault) for fault in alike]
    rows = ", ".join(str(fault.line) for fault in alike[:_EXAMPLES])
    got = "; ".join(list(dict.fromkeys(fault.got for fault in alike))[:_EXAMPLES])
    where = f"{first.file}:{first.line}: {first.field}: {first.code}"
    return [f"{where}: {len(alike):,} times, in rows {rows} …: got {got}; {first.valid}"]


class InvalidData(DemarcheError):
    """Rows are wrong, and nothing was written; `faults` are all, in file and line order."""

    exit_code = 3

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        lines = "\n".join(f"  {line}" for line in fault_lines(self.faults))
        super().__init__(f"{len(self.faults)} faults, nothing was done:\n{lines}")


class NotEnoughData(DemarcheError):
    """A label has too few examples for what was asked."""

    exit_code = 7


class FormatUnknown(DemarcheError):
    """No format of annotations has that name or looks like that file; the message lists them."""

    exit_code = 2


class OutputRefused(DemarcheError):
    """The output cannot be written there or under that name, or would be over what must stay."""

    exit_code = 2


class StoreError(DemarcheError):
    """The annotation store cannot be opened, read or written; the message says why."""


class ArtifactError(DemarcheError):
    """A model folder cannot be trusted; it is not loaded."""

    exit_code = 3


class ArtifactMissing(ArtifactError):
    """The folder, its COMPLETE mark or a file of the manifest does not exist."""


class ArtifactCorrupt(ArtifactError):
    """A file's sha256 is not the manifest's."""


class ArtifactFormat(ArtifactError):
    """The manifest is of a format, or names an engine, unknown to this version."""


class ArtifactLabels(ArtifactError):
    """The manifest's labels are not model.stance.STANCES in that order."""


class GoldenMismatch(ArtifactError):
    """The model loads but scores its golden sentences differently from its training run."""


class RegistryError(DemarcheError):
    """A file of the registry cannot be read; nothing is guessed from it."""

    exit_code = 3


class GateFailed(DemarcheError):
    """The candidate broke a rule of the gate, or was rolled back before; the live model stays."""

    exit_code = 4


class Locked(DemarcheError):
    """Another process is retraining, promoting or writing to the registry."""

    exit_code = 5


class NothingNew(DemarcheError):
    """What was asked for is so already, or there is nothing to do it with."""

    exit_code = 6


class EngineFailure(DemarcheError):
    """The engine returned something that cannot be scores."""


class BaseModelError(DemarcheError):
    """The pretrained encoder cannot be found, or its sha256 is not the published one."""

    exit_code = 2
