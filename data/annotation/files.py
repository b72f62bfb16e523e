"""Read files of annotations whole, and report every fault of every row at once."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from data.annotation.annotation import (
    Annotation,
    RowFaults,
    normalised_text,
    parse_annotation,
    row_faults,
)
from data.annotation.json_lines import read_json_lines
from data.annotation.near_duplicates import near_duplicates
from data.annotation.split import part_of
from model.errors import Fault, InvalidData

CORPUS = Path(__file__).parents[1] / "corpus" / "annotations"
# Jaccard similarity of word trigrams from which two sentences count as one: no pair of the corpus
# and 15,675 real sentences crosses parts at 0.8; four do at 0.6 and are different statements.
NEAR = 0.8


def corpus_files() -> list[Path]:
    """List the files of the corpus that comes with the project."""
    return sorted(CORPUS.glob("*.jsonl"))


def read_annotations(paths: Iterable[Path], *, unique: bool) -> list[Annotation]:
    """Read annotation files (JSONL, UTF-8), in the order given.

    `unique` makes the same sentence twice a fault, and nearly the same sentence in two parts of
    the split, as training needs it: a copy in train and test would flatter the model. The same id
    or the same place of a document twice always is one.

    Raises:
        InvalidData: with every fault of every row of every file.
    """
    return read_annotation_sets([paths], unique=unique)[0]


def read_annotation_sets(sets: Iterable[Iterable[Path]], *, unique: bool) -> list[list[Annotation]]:
    """Read several sets of files and check all of them against one another, in one scan.

    Raises:
        InvalidData: with every fault of every row of every file.
    """
    found: list[list[Annotation]] = []
    faults: list[Fault] = []
    places: list[str] = []
    seen: dict[tuple[str, object], str] = {}
    for paths in sets:
        found.append([])
        for annotation, place in _rows(paths, faults):
            places.append(place)
            faults += _repeats(annotation, seen, place, unique=unique)
            found[-1].append(annotation)
    if unique:
        faults += _leaks([each for part in found for each in part], places)
    if faults:
        raise InvalidData(faults)
    return found


def _rows(paths: Iterable[Path], faults: list[Fault]) -> Iterator[tuple[Annotation, str]]:
    """Yield every valid row with its place; the faults of the others are added to `faults`."""
    for path in paths:
        for number, row, problem in read_json_lines(path):
            try:
                if problem:
                    raise row_faults([problem], file=str(path), line=number)
                annotation = parse_annotation(row, file=str(path), line=number)
            except RowFaults as error:
                faults += error.faults
            else:
                yield annotation, f"{path}:{number}"


def _repeats(
    annotation: Annotation, seen: dict[tuple[str, object], str], place: str, *, unique: bool
) -> Iterator[Fault]:
    keys: dict[str, object] = {}
    if unique:
        keys["text"] = normalised_text(annotation.text)
    if annotation.id is not None:
        keys["id"] = annotation.id
    if annotation.doc is not None and annotation.n is not None:
        keys["n"] = (annotation.doc, annotation.n)
    for name, value in keys.items():
        first = seen.setdefault((name, value), place)
        if first != place:
            yield _fault(place, name, "duplicate", repr(value)[:60], f"first at {first}")


def _leaks(annotations: Sequence[Annotation], places: Sequence[str]) -> Iterator[Fault]:
    """Find sentences that are nearly the same as one in another part of the split."""
    for pair in near_duplicates([each.text for each in annotations], similarity=NEAR):
        first, second = annotations[pair.first], annotations[pair.second]
        exact = normalised_text(first.text) == normalised_text(second.text)
        if not exact and part_of(first.group) != part_of(second.group):
            valid = f"another sentence, or the same doc as {places[pair.first]} that it resembles"
            yield _fault(
                places[pair.second], "text", "near_duplicate", repr(second.text[:60]), valid
            )


def _fault(place: str, name: str, code: str, got: str, valid: str) -> Fault:
    file, _, line = place.rpartition(":")
    return Fault(file, int(line), name, code, got, valid)
