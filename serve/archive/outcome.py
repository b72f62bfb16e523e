"""How a run ended."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from model.errors import Fault
from serve.archive.assemble import Names
from serve.archive.fingerprint import difference


@dataclass(frozen=True)
class Outcome:
    """What was scored and what was rejected.

    Attributes:
        rejected: how many records, by the code of the fault.
        faults: the first of them.
        before: whether an earlier run had done it all.
    """

    counts: Mapping[str, int]
    rejected: Mapping[str, int]
    faults: Sequence[Fault] = ()
    before: bool = False

    @property
    def rejects(self) -> int:
        """How many records were not scored."""
        return sum(self.rejected.values())


def already_done(names: Names, job: Mapping[str, Any]) -> Outcome | None:
    """The outcome of an earlier run of the very same, if its output is there, whole."""
    try:
        manifest = json.loads(names.manifest.read_text(encoding="utf-8"))
        if difference(manifest["job"], job):
            return None
        with names.output.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != manifest["output"]["sha256"]:
            return None
        return Outcome(manifest["counts"], manifest["rejected"], before=True)
    except (OSError, ValueError, KeyError, TypeError):
        return None
