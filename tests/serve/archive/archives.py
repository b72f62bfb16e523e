"""Archives to score, and scoring them with a classifier that finds a stance where it is spelled."""

import csv
import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from backports import zstd

from serve.archive.inputs.record import ReadOptions
from serve.archive.inputs.sources import Source
from serve.archive.instrument import Instrument
from serve.archive.outcome import Outcome
from serve.archive.parts import Place
from serve.archive.progress import FinishedPart
from serve.archive.request import Request
from serve.archive.score import Spread, score_archive
from tests.fakes import FakeClassifier

ROWS: list[dict[str, Any]] = [
    {"id": "a", "text": "An agreement. A demand.", "actor": "north", "year": 1},
    {"id": "b", "text": "Nothing.", "actor": "south", "year": 2},
]


class NoProgress:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.parts: list[int] = []

    def begin(self, sources: Sequence[Source], start: Place) -> None:
        pass

    def advance(self, part: FinishedPart) -> None:
        self.parts.append(part.number)


def score(
    given: Path | str,
    output: Path,
    *,
    classifier: FakeClassifier | None = None,
    numerics: str = "bits",
    progress: NoProgress | None = None,
    read: ReadOptions | None = None,
    spread: Spread | None = None,
    **options: Any,
) -> Outcome:
    def load() -> Instrument:
        return Instrument.of(classifier or FakeClassifier(), numerics=numerics)

    request = Request(str(given), output, read or ReadOptions(), **options)
    return score_archive(request, load, progress or NoProgress(), spread=spread)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def rejects(output: Path) -> list[dict[str, Any]]:
    return lines(output.with_name(output.name + ".rejects.jsonl"))


def write_jsonl(path: Path, *rows: object) -> Path:
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in rows))
    return path


def write_csv(path: Path, rows: Sequence[dict[str, Any]], delimiter: str = ",") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_parquet(path: Path, rows: Sequence[dict[str, Any]], group: int = 100) -> Path:
    pq.write_table(pa.Table.from_pylist(list(rows)), path, row_group_size=group)
    return path


def compress(path: Path, ending: str) -> Path:
    """The file compressed, in the place of the file."""
    new = path.with_name(path.name + ending)
    content = path.read_bytes()
    new.write_bytes(gzip.compress(content) if ending == ".gz" else zstd.compress(content))
    path.unlink()
    return new


def many(count: int) -> Iterator[dict[str, Any]]:
    """Documents of one to five sentences, some of which repeat."""
    for n in range(count):
        text = " ".join(f"They voiced {'agreement' if n % 3 else 'criticism'} {k} of {n % 7}."
                        for k in range(1 + n % 5))  # fmt: skip
        yield {"id": f"doc{n}", "text": text, "actor": "AB"[n % 2], "month": f"2031-0{1 + n % 6}"}
