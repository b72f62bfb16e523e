"""Labels that stand apart from their texts: by hash, for sentences that may not be copied here.

`python -m data standoff join TEXTS --to FILE` puts labels and texts together again.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.annotation.annotation import Annotation
from data.annotation.json_lines import read_json_lines, read_json_objects, unreadable
from model.errors import Fault, InvalidData
from model.stance import STANCES, Stance

_FOLDER = Path(__file__).parents[1] / "corpus" / "standoff"
REAL = (_FOLDER / "real.jsonl", _FOLDER / "real-2.jsonl")  # the second under codebook version 2
_FIELDS = {"sha256", "source", "locator", "doc", "labels", "hard", "draw"}
_OPTIONAL = {"register"}


@dataclass(frozen=True)
class StandoffLabel:
    """What one sentence expresses, the sentence itself named by the sha256 of its UTF-8 bytes.

    Attributes:
        source: the public collection it comes from.
        locator: where in that collection; a path that holds a long title ends early, in "…".
        doc: sha256 of the document's name there, shortened; sentences of one document share it.
        register: what kind of text, for example "speech".
        draw: "random", or "weighted" where it was picked because an earlier model was in doubt.
    """

    sha256: str
    source: str
    locator: str
    doc: str
    labels: tuple[Stance, ...]
    hard: bool
    draw: str
    register: str | None = None


@dataclass(frozen=True)
class Joined:
    """Annotations put together again, and what found nothing to go with.

    Attributes:
        missing: labels whose text was not among the texts.
        unlabelled: texts for which there are no labels.
    """

    annotations: list[Annotation]
    missing: int
    unlabelled: int


def read_standoff(path: Path) -> list[StandoffLabel]:
    """Read a file of stand-off labels.

    Raises:
        InvalidData: with every faulty row.
    """
    labels, faults = [], []
    for number, row in read_json_objects(path):
        if not _is_label(row):
            valid = f"fields {sorted(_FIELDS)}, a sha256, and labels out of {list(STANCES)}"
            faults.append(Fault(str(path), number, "row", "standoff", str(row)[:60], valid))
            continue
        stances = tuple(stance for stance in STANCES if stance in row["labels"])
        labels.append(StandoffLabel(**{**row, "labels": stances}))
    if faults:
        raise InvalidData(faults)
    return labels


def _is_label(row: Mapping[str, Any]) -> bool:
    if set(row) - _OPTIONAL != _FIELDS or not isinstance(row["labels"], list):
        return False
    named = all(label in STANCES for label in row["labels"])
    return named and isinstance(row["sha256"], str) and len(row["sha256"]) == 64


def join(labels: Iterable[StandoffLabel], texts: Iterable[str]) -> Joined:
    """Give labels their texts back."""
    wanted = {label.sha256: label for label in labels}
    annotations: list[Annotation] = []
    found: set[str] = set()
    unlabelled = 0
    for text in texts:
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest not in wanted:
            unlabelled += 1
        elif digest not in found:
            found.add(digest)
            annotations.append(_annotation(wanted[digest], text))
    return Joined(annotations, len(wanted) - len(found), unlabelled)


def read_texts(path: Path) -> Iterator[str]:
    """Yield the texts of a JSONL file, gzipped or not, or the lines of any other file.

    Raises:
        InvalidData: the file cannot be read, or a row has no text.
    """
    if path.name.endswith((".jsonl", ".jsonl.gz")):
        for number, row, problem in read_json_lines(path):
            text = row.get("text") if isinstance(row, dict) else None
            if not isinstance(text, str):
                code, got = (problem[1], problem[2]) if problem else ("missing", row)
                valid = "a JSON object with text"
                raise InvalidData([Fault(str(path), number, "row", code, str(got)[:60], valid)])
            yield text
        return
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise unreadable(path, error) from error
    except UnicodeDecodeError as error:
        fault = Fault(str(path), 0, "file", "encoding", str(error), "a UTF-8 file")
        raise InvalidData([fault]) from error
    yield from map(str.strip, lines)


def _annotation(label: StandoffLabel, text: str) -> Annotation:
    return Annotation(
        text=text,
        labels=label.labels,
        id=f"real-{label.sha256[:16]}",
        doc=label.doc,
        register=label.register,
        hard=label.hard,
        extra={"source": label.source, "locator": label.locator, "draw": label.draw},
    )
