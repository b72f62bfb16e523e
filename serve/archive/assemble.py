"""Finished parts to the output, the rejects and the manifest; the output appears last."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from model.durable import replace_text, sync
from serve.archive.outputs.table import columns_of, merged
from serve.archive.outputs.writers import write_rows
from serve.archive.work_folder import WorkFolder

_ASSEMBLED = "assembled"


@dataclass(frozen=True)
class Names:
    """The files that a run leaves."""

    output: Path

    @property
    def rejects(self) -> Path:
        """The records that were not scored, one a line."""
        return self.output.with_name(self.output.name + ".rejects.jsonl")

    @property
    def manifest(self) -> Path:
        """What the output is of, and what it adds up to."""
        return self.output.with_name(self.output.name + ".manifest.json")


@dataclass(frozen=True)
class Totals:
    """Sums over all finished parts."""

    parts: int
    counts: Mapping[str, int]
    rejected: Mapping[str, int]
    columns: Mapping[str, list[str]]


def totals(work: WorkFolder) -> Totals:
    """Add up what the markers of the parts say, so that a resumed run is counted whole."""
    counts, rejected = Counter[str](), Counter[str]()
    columns: dict[str, list[str]] = {}
    number = 0
    for number, part in enumerate(work.finished(), 1):  # noqa: B007 - the last is wanted
        counts.update(part.counts)
        rejected.update(part.rejected)
        columns = merged([columns, part.columns])
    return Totals(number, counts, rejected, columns)


def assemble(work: WorkFolder, names: Names, sums: Totals, form: str, rows: str) -> dict[str, Any]:
    """Write output and rejects inside the work folder; returns what to say of the output."""
    columns = columns_of(rows, sums.columns)
    written = work.path / "output"
    with written.open("w+b") as file:
        write_rows(form, _sections(work, rows), columns, file)
        _synced(file)
    with (work.path / "rejects").open("wb") as file:
        file.writelines(_sections(work, "rejects"))
        _synced(file)
    with written.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": names.output.name,
        "format": form,
        "rows": rows,
        "bytes": written.stat().st_size,
        "sha256": digest,
    }


def publish(work: WorkFolder, names: Names, manifest: Mapping[str, Any]) -> None:
    """Give the files their names, the output last. A killed run does the same again."""
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    replace_text(work.path / "manifest", text)
    replace_text(work.path / _ASSEMBLED, "")
    publish_rejects(work, names)
    (work.path / "manifest").replace(names.manifest)
    (work.path / "output").replace(names.output)
    sync(names.output.parent)


def publish_rejects(work: WorkFolder, names: Names) -> None:
    """Give the rejects their name; without any there is no file of them."""
    rejects = work.path / "rejects"
    if rejects.stat().st_size:
        rejects.replace(names.rejects)
    else:
        rejects.unlink()
        names.rejects.unlink(missing_ok=True)


def was_assembled(work: WorkFolder) -> bool:
    """Whether a run was stopped while it gave its files their names."""
    return (work.path / _ASSEMBLED).exists()


def reject_rows(work: WorkFolder, most: int) -> list[dict[str, Any]]:
    """The first rejects, as the file of them has them."""
    found: list[dict[str, Any]] = []
    for section in _sections(work, "rejects"):
        found += map(json.loads, section.splitlines())
        if len(found) >= most:
            break
    return found[:most]


def _sections(work: WorkFolder, name: str) -> Iterator[bytes]:
    return (work.section(part, name) for part in work.finished())


def _synced(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
