"""The end of a run: its files get their names, and it is said what they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model.errors import Fault, InvalidData
from serve.archive.assemble import (
    Names,
    Totals,
    assemble,
    publish,
    publish_rejects,
    reject_rows,
    totals,
)
from serve.archive.inputs.sources import Source
from serve.archive.instrument import Instrument
from serve.archive.outcome import Outcome
from serve.archive.outputs.writers import format_of
from serve.archive.request import Request
from serve.archive.work_folder import WorkFolder

_TOLD = 1000  # rejects of which kinds and examples are told


@dataclass(frozen=True)
class Run:
    """One run that may go on: everything about it was checked."""

    request: Request
    instrument: Instrument
    sources: list[Source]
    work: WorkFolder


def finish(run: Run, seconds: float) -> Outcome:
    """Put the output together from the finished parts and remove the work folder.

    Raises:
        InvalidData: no record could be scored; there is only the file of rejects.
    """
    work, names = run.work, Names(run.request.output)
    sums = totals(work)
    rejects = [Fault(r["file"], r["line"], *_texts(r)) for r in reject_rows(work, _TOLD)]
    output = assemble(work, names, sums, format_of(run.request.output) or "", run.request.rows)
    if not sums.counts.get("documents"):
        publish_rejects(work, names)
        work.remove()
        nothing = Fault(run.request.given, 0, "file", "empty", "no records", "at least one")
        raise InvalidData(rejects or [nothing])
    manifest = _manifest(run, sums, output, seconds)
    publish(work, names, manifest)
    work.remove()
    return Outcome(sums.counts, sums.rejected, rejects)


def _manifest(run: Run, sums: Totals, output: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    job = run.work.job() or {}
    return {
        "output": output,
        "counts": dict(sums.counts),
        "rejected": dict(sums.rejected),
        "machine": dict(run.instrument.described),
        "seconds_of_the_last_run": round(seconds, 1),
        "job": job,
    }


def _texts(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return row["field"], row["code"], row["got"], row["valid"]
