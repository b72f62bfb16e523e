"""Files of annotations: read whole, every fault of every row reported at once."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from data.annotation import Annotation, RowFaults, parse_annotation
from model.errors import Fault, InvalidData

CORPUS = Path(__file__).parent / "annotations"


def corpus_files() -> list[Path]:
    """The files of the corpus that comes with the project."""
    return sorted(CORPUS.glob("*.jsonl"))


def read_annotations(paths: Iterable[Path], *, unique: bool) -> list[Annotation]:
    """Read annotation files (JSONL, UTF-8), in the order given.

    `unique` makes the same sentence twice a fault, as training needs it: a copy in train and test
    would flatter the model. The same id twice always is.

    Raises:
        InvalidData: with every fault of every row of every file.
    """
    annotations: list[Annotation] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, str], str] = {}
    for path in paths:
        for number, line in enumerate(_lines(path), 1):
            try:
                annotation = _parse_line(line, str(path), number)
            except RowFaults as error:
                faults += error.faults
                continue
            faults += _repeats(annotation, seen, f"{path}:{number}", unique=unique)
            annotations.append(annotation)
    if faults:
        raise InvalidData(faults)
    return annotations


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from file
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidData([Fault(str(path), 0, "file", "unreadable", reason, "a file")]) from error


def _parse_line(line: bytes, file: str, number: int) -> Annotation:
    def fault(code: str, got: str, valid: str) -> RowFaults:
        return RowFaults((Fault(file, number, "row", code, got, valid),))

    try:
        text = line.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise fault("encoding", f"byte {error.start}: {error.reason}", "UTF-8") from error
    if not text:
        raise fault("blank", "an empty line", "one JSON object a line")
    try:
        row = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise fault("json", repr(text[:60]), f"one JSON object a line ({error})") from error
    return parse_annotation(row, file=file, line=number)


def _repeats(
    annotation: Annotation, seen: dict[tuple[str, str], str], place: str, *, unique: bool
) -> Iterator[Fault]:
    keys = [("text", " ".join(annotation.text.casefold().split()))] if unique else []
    keys += [("id", annotation.id)] if annotation.id is not None else []
    for name, value in keys:
        first = seen.setdefault((name, value), place)
        if first != place:
            file, _, line = place.rpartition(":")
            yield Fault(file, int(line), name, "duplicate", repr(value[:60]), f"first at {first}")
