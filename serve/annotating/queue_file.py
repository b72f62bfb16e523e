"""The annotation queue as a file to fill in: from the store, and from documents scored now."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.annotation.row_checks import check_row
from data.exchange.exporting import write_rows
from data.exchange.formats.choose import FORMATS
from data.store.candidates.pool import Candidate
from data.store.queue import Request, ask
from data.store.queue_items import QueueItem
from data.store.store import AnnotationStore
from model.classifier import StanceClassifier
from serve.annotating.recorder import candidate
from serve.archive.documents import read_documents


def score_file(path: Path, classifier: StanceClassifier) -> list[Candidate]:
    """Score a file's documents; gives the sentences that can be annotated.

    Raises:
        InvalidData: with every fault of every row.
    """
    return [
        candidate(row, classifier.manifest, str(document.id), row.sentence.index)
        for document in read_documents(path)
        for row in classifier.classify(document.text)
        if not check_row({"text": row.sentence.text, "labels": []})
    ]


def queue_rows(
    store: AnnotationStore,
    request: Request,
    *,
    scored: list[Candidate] | None,
    suggestions: bool,
) -> list[dict[str, Any]]:
    """Select rows to fill in: with `labels` and `annotator` they are what `make import` reads.

    Raises:
        StoreError: the store cannot be read.
    """
    asked = ask(store, request, scored=scored)
    named = {} if request.annotator is None else {"annotator": request.annotator}
    return [{**dict(_fields(each, suggestions=suggestions)), **named} for each in asked]


def write_queue(rows: list[dict[str, Any]], path: Path, *, overwrite: bool = False) -> None:
    """Write a whole file of rows, or leave what was there: somebody may have filled it in.

    Raises:
        FormatUnknown: another file is there and may not be replaced.
    """
    write_rows(rows, path, FORMATS["jsonl"], overwrite=overwrite)


def _fields(asked: QueueItem, *, suggestions: bool) -> Iterator[tuple[str, Any]]:
    yield "text", asked.text
    for name, value in (("doc", asked.doc), ("n", asked.n)):
        if value is not None:
            yield name, value
    yield "selected_by", str(asked.reason)
    if suggestions and (scored := asked.suggestion):
        yield "suggested_by", scored.version  # imported with the label: the annotator saw it
        yield "suggestion", [str(label) for label in scored.labels]
        yield "scores", {str(k): round(v, 4) for k, v in scored.scores.items()}
