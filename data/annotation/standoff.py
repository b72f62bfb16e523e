"""Labels that stand apart from their texts: by hash, for sentences that may not be copied here.

`python -m data.annotation.standoff join TEXTS --to FILE` puts labels and texts together again.
TEXTS are files that hold the sentences: JSONL with a `text` a row, or plain text, one a line.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.annotation.annotation import Annotation
from model.errors import DemarcheError, Fault, InvalidData
from model.stance import STANCES, Stance

REAL = Path(__file__).parents[1] / "corpus" / "standoff" / "real.jsonl"
_FIELDS = {"sha256", "source", "locator", "doc", "labels", "hard", "draw"}


@dataclass(frozen=True)
class StandoffLabel:
    """What one sentence expresses, the sentence itself named by the sha256 of its UTF-8 bytes.

    Attributes:
        source: the public collection it comes from.
        locator: where in that collection; a path that holds a long title ends early, in "…".
        doc: sha256 of the document's name there, shortened; sentences of one document share it.
        draw: "random", or "weighted" where it was picked because an earlier model was in doubt.
    """

    sha256: str
    source: str
    locator: str
    doc: str
    labels: tuple[Stance, ...]
    hard: bool
    draw: str


@dataclass(frozen=True)
class Joined:
    """Annotations put together again, and what had no counterpart.

    Attributes:
        missing: labels whose text was not among the texts.
        unlabelled: texts for which there are no labels.
    """

    annotations: list[Annotation]
    missing: int
    unlabelled: int


def read_standoff(path: Path = REAL) -> list[StandoffLabel]:
    """Read a file of stand-off labels.

    Raises:
        InvalidData: with every faulty row.
    """
    labels, faults = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        unknown = [label for label in row.get("labels", []) if label not in STANCES]
        if set(row) != _FIELDS or len(row["sha256"]) != 64 or unknown:
            valid = f"fields {sorted(_FIELDS)}, a sha256, and labels out of {list(STANCES)}"
            faults.append(Fault(str(path), number, "row", "standoff", line[:60], valid))
            continue
        stances = tuple(stance for stance in STANCES if stance in row["labels"])
        labels.append(StandoffLabel(**{**row, "labels": stances}))
    if faults:
        raise InvalidData(faults)
    return labels


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
    """The texts of a JSONL file, or the lines of any other.

    Raises:
        InvalidData: the file cannot be read, or a row has no text.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        fault = Fault(str(path), 0, "file", "unreadable", str(error), "a UTF-8 file")
        raise InvalidData([fault]) from error
    for number, line in enumerate(lines, 1):
        yield _text_of(line, path, number) if path.suffix == ".jsonl" else line.strip()


def _text_of(line: str, path: Path, number: int) -> str:
    try:
        return str(json.loads(line)["text"])
    except (ValueError, KeyError, TypeError) as error:
        fault = Fault(str(path), number, "row", "json", line[:60], "a JSON object with text")
        raise InvalidData([fault]) from error


def _annotation(label: StandoffLabel, text: str) -> Annotation:
    return Annotation(
        text=text,
        labels=label.labels,
        id=f"real-{label.sha256[:16]}",
        doc=label.doc,
        hard=label.hard,
        extra={"source": label.source, "locator": label.locator, "draw": label.draw},
    )


def _row(annotation: Annotation) -> str:
    row = {
        "id": annotation.id,
        "doc": annotation.doc,
        "text": annotation.text,
        "labels": list(annotation.labels),
        "hard": annotation.hard,
        **annotation.extra,
    }
    return json.dumps(row, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Join labels and texts; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m data.annotation.standoff", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    command = commands.add_parser("join", help="labels and texts to annotations")
    command.add_argument("texts", type=Path, nargs="+", metavar="TEXTS")
    command.add_argument("--labels", type=Path, default=REAL, metavar="FILE")
    command.add_argument("--to", type=Path, required=True, metavar="FILE", help="JSONL to write")
    options = parser.parse_args(arguments)
    try:
        texts = (text for path in options.texts for text in read_texts(path))
        joined = join(read_standoff(options.labels), texts)
    except DemarcheError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    temporary = options.to.with_name(f".{options.to.name}.tmp")
    temporary.write_text("".join(map(_row, joined.annotations)), encoding="utf-8")
    temporary.rename(options.to)
    print(
        f"{len(joined.annotations):,} annotations are in {options.to}; {joined.missing:,} labels "
        f"found no text, {joined.unlabelled:,} texts have no label"
    )
    print(f"train on them: make train DATA='data/corpus/annotations/*.jsonl {options.to}'")
    return 0


if __name__ == "__main__":
    sys.exit(main())
