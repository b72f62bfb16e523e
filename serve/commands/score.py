"""`python -m serve score`: score an archive of documents."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from model.artifact.folder import open_artifact
from model.command_line import EXIT_CODES, STOPPED, say
from model.decide.second_opinion import Effort
from model.errors import Fault, InvalidData, OutputRefused, fault_lines
from model.registry.registry import MODELS, Registry
from serve.archive.assemble import Names
from serve.archive.check import check_archive
from serve.archive.cluster import cluster
from serve.archive.inputs.record import ReadOptions
from serve.archive.inputs.sources import NAMES
from serve.archive.instrument import Instrument, load_instrument
from serve.archive.outcome import Outcome
from serve.archive.progress import ShownProgress
from serve.archive.report.make import ReportRequest, check_report, make_report
from serve.archive.request import ROWS, Request
from serve.archive.score import score_archive

_TOLD = 10  # lines about rejects
_EFFORT = (
    "what a model with two networks asks twice: nothing (fast), what it doubts (balanced, the "
    "default), every sentence (careful)"
)


def add_parser(commands: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Add the command and its options."""
    command = commands.add_parser("score", help="score an archive", epilog=EXIT_CODES)
    add = command.add_argument
    add("input", help="a file, folder or pattern (see docs/archives.md), or - for a pipe")
    add("output", type=Path, help="the .jsonl, .csv or .parquet to write")
    add("--model", type=Path, metavar="FOLDER", help="(default: the live model)")
    add("--models", type=Path, default=MODELS, metavar="FOLDER", help="the registry (%(default)s)")
    add("--effort", choices=list(Effort), type=Effort, default=Effort.BALANCED, help=_EFFORT)
    add("--text", default="text", metavar="FIELD", help="where the text is (%(default)s)")
    add("--id", metavar="FIELD", help="where the id is (default: id, else records are counted)")
    add("--format", choices=NAMES, help="of the input (default: by the endings of the files)")
    add("--encoding", default="utf-8", help="of text files (%(default)s)")
    add("--rows", choices=ROWS, default=ROWS[0], help="what a row is (%(default)s)")
    add("--check", action="store_true", help="read everything and score nothing")
    add("--overwrite", action="store_true", help="replace an output that is there")
    add("--restart", action="store_true", help="throw away what a stopped run has scored")
    add("--report", type=Path, metavar="PAGE", help="the .html to write of what it adds up to")
    add("--group", metavar="FIELD", help="of the report: whose values are compared")
    add("--time", metavar="FIELD", help="of the report: the date; FIELD:year counts years")
    add("--labels", type=Path, metavar="FILE", help="of the report: a labelled random sample")
    add("--cluster", metavar="ADDRESS", help="of a Ray cluster to score on, or local")
    command.set_defaults(run=run_score)


def run_score(options: argparse.Namespace) -> int:
    """Score or check every document; returns the exit code: 3 if any record was rejected."""
    read = ReadOptions(options.text, options.id, options.encoding, options.format)
    request = Request(
        options.input, options.output, read, options.rows, options.overwrite, options.restart
    )
    report = _report_of(options)
    if report is not None:
        check_report(report, options.rows)
    if options.check:
        return _check(request)
    artifact = open_artifact(options.model or Registry(options.models).live())

    def load() -> Instrument:
        return load_instrument(artifact, effort=options.effort)

    def load_worker() -> Instrument:
        opened = open_artifact(artifact.folder.absolute())
        return load_instrument(opened, gpu=False, threads=1, effort=options.effort)

    try:
        with ShownProgress() as progress, ExitStack() as stack:
            if options.cluster is None:
                outcome = score_archive(request, load, progress)
            else:
                spread = stack.enter_context(cluster(options.cluster, load_worker))
                outcome = score_archive(request, load_worker, progress, spread=spread)
    except KeyboardInterrupt:
        say("stopped: what is scored is kept, and the same command goes on", stream=sys.stderr)
        return STOPPED
    code = _tell(request, outcome)
    if report is not None:
        make_report(report, request.output, artifact.manifest.version, artifact.manifest.metrics)
        say(f"what it adds up to is in {report.page}")
    return code


def _report_of(options: argparse.Namespace) -> ReportRequest | None:
    asked = (options.group, options.time, options.labels)
    if options.report is None:
        if any(asked):
            raise OutputRefused(
                "GROUP=, TIME= and LABELS= are of a report: name it, REPORT=page.html"
            )
        return None
    return ReportRequest(options.report, *asked)


def _check(request: Request) -> int:
    found = check_archive(request)
    say(
        f"{found.documents:,} documents in {found.files:,} files can be scored: "
        f"{found.characters:,} characters; nothing was scored"
    )
    return _tell_rejects(found.rejected, found.faults, "would be rejected")


def _tell(request: Request, outcome: Outcome) -> int:
    counts, before = outcome.counts, " already" if outcome.before else ""
    say(
        f"{counts['rows']:,} sentences of {counts['documents']:,} documents are{before} in "
        f"{request.output}"
    )
    where = f"were not scored, see {Names(request.output).rejects}"
    return _tell_rejects(outcome.rejected, outcome.faults, where)


def _tell_rejects(rejected: Mapping[str, int], faults: Sequence[Fault], what: str) -> int:
    if not rejected:
        return 0
    kinds = ", ".join(f"{code} {count:,}" for code, count in sorted(rejected.items()))
    say(f"{sum(rejected.values()):,} records {what}: {kinds}", stream=sys.stderr)
    lines = fault_lines(faults)
    for line in lines[:_TOLD]:
        say(f"  {line}", stream=sys.stderr)
    if len(lines) > _TOLD:
        say("  …", stream=sys.stderr)
    return InvalidData.exit_code
