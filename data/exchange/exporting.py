"""What every annotator stands by, for other tools: `make export TO=file`.

Importing the file into an empty store gives the same sentences with the same labels, conflicts and
judgements. With --resolved it is one row a sentence instead, as training reads them.
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data.annotation.annotation import Annotation
from data.exchange.formats.choose import FORMATS, Format, format_named, format_to_write
from data.judgements.event import event_row
from data.judgements.resolve import to_annotations
from data.judgements.standing import current_events
from data.store.store import AnnotationStore
from model.durable import TEMPORARY_PREFIX, sync
from model.errors import FormatUnknown


def export_judgements(store: AnnotationStore, path: Path, *, format_name: str | None = None) -> int:
    """Write each annotator's standing judgements, oldest first; return how many.

    Raises:
        FormatUnknown: no format has that name, or it is only read.
    """
    rows = [event_row(event) for event in current_events(store.events())]
    write_rows(rows, path, format_named(format_name or format_to_write(path)))
    return len(rows)


def export_resolved(store: AnnotationStore, path: Path) -> int:
    """Write one row a decided sentence, as JSONL that training reads; return how many."""
    annotations = to_annotations(store.resolved())
    write_rows([_annotation_row(each) for each in annotations], path, FORMATS["jsonl"])
    return len(annotations)


def write_rows(rows: Sequence[Mapping[str, Any]], path: Path, form: Format) -> None:
    """Write a whole file or folder, or leave what was there; a folder must be new.

    Raises:
        FormatUnknown: the format is only read, or the folder is there already.
    """
    if form.write is None:
        raise FormatUnknown("statements are read, not written: the store keeps sentences only")
    if form.is_folder and path.exists():
        raise FormatUnknown(f"{path} is there already: name a new folder")
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{path.name}-{os.getpid()}")
    try:
        form.write(rows, temporary)
        for file in [*temporary.rglob("*"), temporary]:
            sync(file)
        temporary.rename(path)
        sync(path.parent)
    finally:
        shutil.rmtree(temporary) if temporary.is_dir() else temporary.unlink(missing_ok=True)


def _annotation_row(annotation: Annotation) -> dict[str, Any]:
    names = ("id", "doc", "n", "register", "year", "annotator")
    row = {"text": annotation.text, "labels": [str(label) for label in annotation.labels]}
    held = [vars(each) | {"label": str(each.label)} for each in annotation.stances]
    row |= {k: v for k in names if (v := getattr(annotation, k)) is not None}
    flags = {name: True for name in ("hard", "fictional") if getattr(annotation, name)}
    return {**row, **({"stances": held} if held else {}), **flags, **annotation.extra}
