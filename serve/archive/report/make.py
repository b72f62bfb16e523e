"""Make the report of an output: a page, its figures as JSON, and the list of repeats."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.durable import replace_text, whole_file
from model.errors import OutputRefused
from serve.archive.report.drift import signs
from serve.archive.report.estimates import all_rates
from serve.archive.report.figures import figures
from serve.archive.report.gather import Documents, examples_of, gather
from serve.archive.report.labelled import Labelled
from serve.archive.report.page import Report, as_json, render
from serve.archive.report.read_rows import has_columns
from serve.archive.report.times import split_option
from serve.archive.report.vocabulary import Vocabulary, corpus_vocabulary


@dataclass(frozen=True)
class ReportRequest:
    """What a report is to be of.

    Attributes:
        page: the .html to write; figures and repeats are named after it.
        group: the column whose values are compared.
        time: the column of the date; date:year counts years, and so month and day.
        labels: a file of labelled sentences, a random sample of the archive.
    """

    page: Path
    group: str | None = None
    time: str | None = None
    labels: Path | None = None


def check_report(request: ReportRequest, rows: str) -> None:
    """Refuse a report that could not be made, before anything is scored.

    Raises:
        OutputRefused: it cannot be written, or there would be no sentences in the output.
        InvalidData: the labels cannot be read.
    """
    if request.page.suffix.lower() not in (".html", ".htm"):
        raise OutputRefused(f"{request.page} is no .html")
    if not request.page.parent.is_dir():
        raise OutputRefused(f"{request.page.parent} is no folder: make it first")
    if rows != "sentences":
        raise OutputRefused("a report needs the sentences: leave ROWS=documents out")
    Labelled(request.labels)


def make_report(
    request: ReportRequest,
    output: Path,
    version: str,
    metrics: Mapping[str, Any],
    vocabulary: Vocabulary | None = None,
) -> None:
    """Write the report of an output of sentences; `metrics` are those of the model's manifest.

    Raises:
        OutputRefused: no row has the column of the group or the time.
    """
    time, period = split_option(request.time) if request.time else (None, None)
    wanted = tuple(filter(None, (request.group, time)))
    if missing := has_columns(output, wanted):
        raise OutputRefused(
            f"no row of {output} has {', '.join(missing)}: name columns that the records carry"
        )
    words = corpus_vocabulary() if vocabulary is None else vocabulary
    documents = gather(output, request.group, time, period, words)
    labelled = Labelled(request.labels)
    examples = examples_of(output, documents, labelled, wanted)
    found = figures(documents, all_rates(metrics), labelled.sample)
    repeats = request.page.with_suffix(".duplicates.jsonl")
    report = Report(
        output.name,
        version,
        documents.period if time else None,
        found,
        examples,
        signs(documents, found[(None, None)], metrics, words),
        labelled.sample,
        repeats.name,
    )
    _write_repeats(documents, repeats)
    figures_file = request.page.with_suffix(".json")
    replace_text(figures_file, json.dumps(as_json(report), ensure_ascii=False, indent=1) + "\n")
    replace_text(request.page, render(report))


def _write_repeats(documents: Documents, path: Path) -> None:
    with whole_file(path) as file:
        for (name, named), first in zip(documents.keys, documents.copy_of, strict=True):
            if first >= 0:
                of = documents.keys[first]
                row = {"file": name, "id": named, "repeats": {"file": of[0], "id": of[1]}}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
