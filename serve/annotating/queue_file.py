"""The queue as a file to annotate: from the store, and from documents scored now."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.annotation.row_checks import check_row
from data.exchange.exporting import write_rows
from data.exchange.formats.choose import FORMATS
from data.store.location import default_location
from data.store.pool import Candidate
from data.store.queue import MIN_LENGTH, Asked, Strategy, ask
from data.store.store import AnnotationStore
from model.classifier import StanceClassifier
from serve.annotating.recorder import candidate
from serve.archive.score import read_documents


def add_queue_arguments(command: argparse.ArgumentParser) -> None:
    """What is asked for: `source`, `to`, `limit`, `strategy`, `suggestions` and `store`."""
    command.add_argument(
        "source", type=Path, nargs="?", metavar="FROM", help="documents (default: what was kept)"
    )
    command.add_argument("--to", type=Path, metavar="FILE", help="the .jsonl to write")
    command.add_argument("--limit", type=_length, default=20, help=f"{MIN_LENGTH} or more (20)")
    kinds = [str(each) for each in Strategy]
    command.add_argument("--strategy", choices=kinds, default=kinds[0], help="what most are")
    command.add_argument("--suggestions", action="store_true", help="with the model's answers")
    place = default_location()
    command.add_argument("--store", default=place, help="path or postgresql:// URL (%(default)s)")


def score_file(path: Path, classifier: StanceClassifier) -> list[Candidate]:
    """Score the sentences of a file's documents that can be annotated.

    Raises:
        InvalidData: with every fault of every row.
    """
    return [
        candidate(row, classifier.manifest, document.id, row.sentence.index)
        for document in read_documents(path)
        for row in classifier.classify(document.text)
        if not check_row({"text": row.sentence.text, "labels": []})
    ]


def queue_rows(
    store: AnnotationStore,
    *,
    limit: int,
    strategy: Strategy,
    scored: list[Candidate] | None,
    suggestions: bool,
) -> list[dict[str, Any]]:
    """Rows that become annotations with `labels` and `annotator`, as `make import` reads them.

    Raises:
        StoreError: the store cannot be read.
    """
    asked = ask(store, limit=limit, strategy=strategy, scored=scored)
    return [dict(_fields(each, suggestions=suggestions)) for each in asked]


def write_queue(rows: list[dict[str, Any]], path: Path) -> None:
    """Write a whole file of rows, or leave what was there."""
    write_rows(rows, path, FORMATS["jsonl"])


def _length(text: str) -> int:
    if int(text) < MIN_LENGTH:
        raise argparse.ArgumentTypeError(f"a queue has {MIN_LENGTH} places or more")
    return int(text)


def _fields(asked: Asked, *, suggestions: bool) -> Iterator[tuple[str, Any]]:
    yield "text", asked.text
    for name, value in (("doc", asked.doc), ("n", asked.n)):
        if value is not None:
            yield name, value
    yield "selected_by", str(asked.reason)
    if suggestions and (said := asked.suggestion):
        yield "suggested_by", said.version  # rides along into the store: the answer saw it
        yield "suggestion", [str(label) for label in said.labels]
        yield "scores", {str(k): round(v, 4) for k, v in said.scores.items()}
