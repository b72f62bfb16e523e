"""Who the annotators of a file are, if its names are not the ones to keep: ANNOTATORS=map.csv.

One line a name: the name in the file, then the name to keep. A name that ends in * stands for all
that begin so, and * in the name to keep for the rest of it: `stance1-*,*`. Names are compared as
everywhere: case, white space and Unicode form make nobody a second person.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from data.exchange.formats.fields.content import read_text
from data.exchange.formats.fields.options import ReadOptions
from data.exchange.formats.fields.people import AnnotatorMap
from data.judgements.person import person_of
from data.judgements.rows_to_events import SourceRow
from model.errors import Fault, InvalidData


@dataclass
class Renaming:
    """What the map did to the names of a file.

    Attributes:
        told: how often who was renamed to whom, as "found is kept".
        used: the lines of the map that said who somebody is.
    """

    told: Counter[str] = field(default_factory=Counter)
    used: set[str] = field(default_factory=set)


def read_annotator_map(path: Path) -> dict[str, str]:
    """Read a map of names from a CSV file of two columns.

    Raises:
        InvalidData: a line has not two cells, a name stands for two people, or for one that is
            mapped again.
    """
    found: dict[str, str] = {}
    first: dict[str, tuple[int, str]] = {}
    faults: list[Fault] = []
    for number, cells in _lines(path):
        name, kept, *rest = [cell.strip() for cell in (*cells, "", "")]
        before, said = first.setdefault(person_of(name), (number, kept))
        if any(rest) or not (name and kept):
            valid = "two cells, the name in the file and the name to keep"
            faults.append(_fault(path, number, str(cells), valid))
        elif person_of(said) != person_of(kept):
            valid = f"each name once: line {before} says that it is {said!r}"
            faults.append(_fault(path, number, str(cells), valid))
        elif before == number:
            found[name] = kept
    people = AnnotatorMap(found)
    for name, kept in found.items():
        again = people.kept(kept)
        if again is not None and person_of(again) != person_of(kept):
            valid = f"one name to keep: {kept!r} is itself mapped to {again!r}"
            faults.append(_fault(path, 0, f"{name},{kept}", valid))
    if faults:
        raise InvalidData(faults)
    return found


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    text = read_text(path, ReadOptions())
    first = text.partition("\n")[0]
    delimiter = next((each for each in ("\t", ";") if each in first), ",")
    for number, cells in enumerate(csv.reader(text.splitlines(), delimiter=delimiter), 1):
        if any(cells):
            yield number, cells


def _fault(path: Path, line: int, found: str, valid: str) -> Fault:
    return Fault(str(path), line, "annotator", "map", found, valid)


def renamed(rows: Iterable[SourceRow], people: AnnotatorMap, done: Renaming) -> Iterator[SourceRow]:
    """Yield rows with the names to keep; `done` takes who was renamed to whom."""
    for row in rows:
        fields = row.fields
        name = fields.get("annotator") if isinstance(fields, Mapping) else None
        kept = people.kept(name) if isinstance(name, str) else None
        if isinstance(fields, Mapping) and isinstance(name, str) and kept is not None:
            done.told[f"{name} is {kept}"] += 1
            done.used.add(str(people.line_of(name)))
            yield replace(row, fields={**fields, "annotator": kept})
        else:
            yield row
