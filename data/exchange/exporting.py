"""What every annotator stands by, for other tools.

Importing the file into an empty store gives the same sentences with the same labels, conflicts and
judgements. Resolved, it is one row a sentence instead, as training reads them.
"""

import filecmp
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from data.annotation.annotation import Annotation
from data.annotation.output import check_output_file
from data.exchange.formats.argilla import records as argilla
from data.exchange.formats.choose import TABLES, Format, format_named, format_to_write
from data.exchange.importing import RESOLVED
from data.judgements.event import event_row
from data.judgements.resolve import annotation_of, learnable
from data.judgements.standing import current_events
from data.store.store import AnnotationStore
from model.durable import TEMPORARY_PREFIX, sync
from model.errors import FormatUnknown

_DECIDED = "a decided sentence has no annotator and no time, which this format wants: "


def export_judgements(
    store: AnnotationStore,
    path: Path,
    *,
    format_name: str | None = None,
    users: Mapping[str, str] | None = None,
    overwrite: bool = False,
) -> int:
    """Write each annotator's standing judgements, oldest first; return how many.

    `users` is each annotator's id in Argilla.

    Raises:
        FormatUnknown: no format has that name, it is only read, or something else is at the path.
    """
    name = format_name or format_to_write(path)
    form = format_named(name)
    if name == "argilla":
        form = replace(form, write=partial(argilla.write, users=users))
    rows = [event_row(event) for event in current_events(store.events())]
    write_rows(rows, path, form, overwrite=overwrite)
    return len(rows)


def export_resolved(
    store: AnnotationStore, path: Path, *, format_name: str | None = None, overwrite: bool = False
) -> int:
    """Write one row a decided sentence, as training reads them; return how many.

    Raises:
        FormatUnknown: the format is one of judgements, or something else is at the path.
    """
    name = format_name or format_to_write(path)
    if name not in TABLES and format_named(name):
        raise FormatUnknown(f"{_DECIDED}{name}; FORMAT= one of {', '.join(TABLES)}")
    rows = [
        {**_annotation_row(annotation_of(each)), RESOLVED: str(each.status)}
        for each in learnable(store.resolved())
    ]
    write_rows(rows, path, format_named(name), overwrite=overwrite)
    return len(rows)


def write_rows(
    rows: Sequence[Mapping[str, Any]], path: Path, form: Format, *, overwrite: bool = False
) -> None:
    """Write a whole file or folder, or leave what was there.

    A file that is there already stays unless it is the same or may be overwritten; a folder must
    be new.

    Raises:
        FormatUnknown: the format is only read, or something is there already.
        OutputRefused: it is a database, a model or of the corpus.
    """
    if form.write is None:
        raise FormatUnknown("this format is read, not written: make export --help lists the others")
    check_output_file(path)
    if path.exists() and (form.is_folder or path.is_dir()):
        raise FormatUnknown(f"{path} is there already: name a new folder")
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{os.getpid()}-{path.name}")
    try:
        form.write(rows, temporary)
        for file in [*temporary.rglob("*"), temporary]:
            sync(file)
        _check_free(path, temporary, overwrite=overwrite)
        temporary.rename(path)
        sync(path.parent)
    finally:
        shutil.rmtree(temporary) if temporary.is_dir() else temporary.unlink(missing_ok=True)


def _check_free(path: Path, new: Path, *, overwrite: bool) -> None:
    if path.exists() and not overwrite and not filecmp.cmp(path, new, shallow=False):
        raise FormatUnknown(
            f"{path} is there already and differs: name another file, or OVERWRITE=1 to replace it"
        )


def _annotation_row(annotation: Annotation) -> dict[str, Any]:
    names = ("id", "doc", "n", "register", "year", "annotator")
    row = {"text": annotation.text, "labels": [str(label) for label in annotation.labels]}
    held = [vars(each) | {"label": str(each.label)} for each in annotation.stances]
    row |= {k: v for k in names if (v := getattr(annotation, k)) is not None}
    flags = {name: True for name in ("hard", "fictional") if getattr(annotation, name)}
    return {**row, **({"stances": held} if held else {}), **flags, **annotation.extra}
