"""From a format's name, or a path to write, to what reads and writes it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from data.exchange.formats import (
    argilla,
    argilla_1,
    cats,
    data_set,
    doccano,
    jsonl,
    label_studio,
    label_studio_min,
    label_studio_writing,
    prodigy,
    separated,
    spreadsheet,
    statements,
)
from data.exchange.formats.options import ReadOptions
from data.exchange.formats.rows import Row
from data.judgements.rows_to_events import SourceRow
from model.errors import FormatUnknown


@dataclass(frozen=True)
class Format:
    """What reads a format, and what writes it: a file, or a folder if `is_folder`."""

    read: Callable[[Path, ReadOptions], Iterator[SourceRow]]
    write: Callable[[Iterable[Row], Path], None] | None = None
    is_folder: bool = False


FORMATS: Mapping[str, Format] = {
    "jsonl": Format(jsonl.read, jsonl.write),
    "csv": Format(separated.read_csv, separated.write_csv),
    "tsv": Format(separated.read_tsv, separated.write_tsv),
    "label-studio": Format(label_studio.read, label_studio_writing.write),
    "label-studio-min": Format(label_studio_min.read, label_studio_min.write),
    "argilla": Format(argilla.read, argilla.write),
    "prodigy": Format(prodigy.read, prodigy.write),
    "data-set": Format(data_set.read, data_set.write, is_folder=True),
    "statements": Format(statements.read),
    "argilla-1": Format(argilla_1.read),
    "doccano": Format(doccano.read),
    "cats": Format(cats.read),
    "xlsx": Format(spreadsheet.read),
}
TABLES = ("jsonl", "csv", "tsv", "data-set")  # which need no annotator and no time
_BY_ENDING = {".csv": "csv", ".tsv": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl"}


def format_named(name: str) -> Format:
    """The format of that name.

    Raises:
        FormatUnknown: there is none.
    """
    if name not in FORMATS:
        raise FormatUnknown(f"format {name!r} is unknown; known: {', '.join(FORMATS)}")
    return FORMATS[name]


def format_to_write(path: Path) -> str:
    """The format that a path to write asks for by its ending: a folder if it has none.

    Raises:
        FormatUnknown: the ending does not say.
    """
    if not path.suffix:
        return "data-set"
    if path.suffix not in _BY_ENDING:
        known = ", ".join(name for name, form in FORMATS.items() if form.write)
        raise FormatUnknown(
            f"{path.name} does not say its format: end it in {', '.join(_BY_ENDING)}, or say "
            f"FORMAT= one of {known}"
        )
    return _BY_ENDING[path.suffix]
