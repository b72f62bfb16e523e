"""Who the annotators of a file are, if its names are not the ones to keep: ANNOTATORS=map.csv.

One line a name: the name in the file, then the name to keep. A name that ends in * stands for all
that begin so, and * in the name to keep for the rest of it: `stance1-*,*`.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from data.exchange.formats.content import read_text
from data.exchange.formats.options import ReadOptions
from data.judgements.rows_to_events import SourceRow
from model.errors import Fault, InvalidData


def read_annotator_map(path: Path) -> dict[str, str]:
    """Read a map of names from a CSV file of two columns.

    Raises:
        InvalidData: a line has not two cells, a name stands for two people, or for one that is
            mapped again.
    """
    found: dict[str, str] = {}
    faults: list[Fault] = []
    text = read_text(path, ReadOptions())
    first = text.partition("\n")[0]
    delimiter = next((each for each in ("\t", ";") if each in first), ",")
    for number, cells in enumerate(csv.reader(text.splitlines(), delimiter=delimiter), 1):
        if not any(cells):
            continue
        name, kept, *rest = [cell.strip() for cell in (*cells, "", "")]
        if any(rest) or not (name and kept) or found.setdefault(name, kept) != kept:
            valid = "two cells, the name in the file and the name to keep; each name once"
            faults.append(Fault(str(path), number, "annotator", "map", str(cells), valid))
    for name, kept in found.items():
        if kept != name and found.get(kept, kept) != kept:
            valid = f"one name to keep: {kept!r} is itself mapped to {found[kept]!r}"
            faults.append(Fault(str(path), 0, "annotator", "map", f"{name},{kept}", valid))
    if faults:
        raise InvalidData(faults)
    return found


def renamed(
    rows: Iterable[SourceRow], options: ReadOptions, told: Counter[str]
) -> Iterator[SourceRow]:
    """Yield rows with the names to keep, and count in `told` who was renamed to whom."""
    for row in rows:
        fields = row.fields
        name = fields.get("annotator") if isinstance(fields, Mapping) else None
        kept = options.person(name) if isinstance(name, str) else None
        if isinstance(fields, Mapping) and kept is not None:
            told[f"{name} is {kept}"] += 1
            yield replace(row, fields={**fields, "annotator": kept})
        else:
            yield row
