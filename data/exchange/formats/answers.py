"""What tools write for a set of stances, to the canonical list; and what a canonical row keeps."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from data.annotation.json_lines import unreadable
from model.errors import Fault, InvalidData
from model.stance import STANCES

NONE = "none"
OURS = "demarche"  # under this key other tools' files carry what they have no field for
Row = Mapping[str, Any]


def named_stances(values: object) -> object:
    """A tool's choices as a list of labels: case does not count, and "none" alone is [].

    What is no list of strings is handed back as it is, for the row's checks to report.
    """
    if isinstance(values, str):
        values = [values]
    if not isinstance(values, list):
        return values
    names = [each.strip().lower() if isinstance(each, str) else each for each in values]
    return [] if names == [NONE] else names


def names_stances(value: object) -> bool:
    """Whether a tool's value can only be meant as stances."""
    names = named_stances(value)
    known = (*STANCES, NONE)
    return isinstance(names, list) and all(each in known for each in names)


def place_of(data: Row) -> dict[str, Any]:
    """Where a sentence is from, as far as a tool's free fields say so in the canonical names."""
    doc, names = data.get("doc"), ("id", "register")
    return {
        **({"doc": str(doc)} if type(doc) in (str, int) else {}),
        **{name: data[name] for name in names if isinstance(data.get(name), str)},
        **{name: data[name] for name in ("n", "year") if type(data.get(name)) is int},
    }


def without(row: Row, *names: str) -> dict[str, Any]:
    """The fields of a row that a format has no place of its own for."""
    return {name: value for name, value in row.items() if name not in names}


def given(**fields: object) -> dict[str, Any]:
    """The fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def grouped(rows: Iterable[Row]) -> list[list[Row]]:
    """Rows of one text and place together: what tools with tasks call a task."""
    tasks: dict[str, list[Row]] = {}
    for row in rows:
        key = json.dumps([row["text"], row.get("doc"), row.get("n")])
        tasks.setdefault(key, []).append(row)
    return list(tasks.values())


def read_array(path: Path) -> list[object]:
    """The elements of a file that is one JSON array.

    Raises:
        InvalidData: it cannot be read, or is something else.
    """
    try:
        value = json.loads(path.read_bytes())
    except OSError as error:
        raise unreadable(path, error) from error
    except (ValueError, RecursionError) as error:
        fault = Fault(str(path), 1, "file", "json", str(error), "a JSON array in UTF-8")
        raise InvalidData([fault]) from error
    if not isinstance(value, list):
        found = f"a JSON {type(value).__name__}"
        raise InvalidData([Fault(str(path), 1, "file", "type", found, "a JSON array of tasks")])
    return value


def write_array(tasks: Iterable[Row], path: Path) -> None:
    """Write tasks as one JSON array."""
    text = json.dumps(list(tasks), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def write_lines(rows: Iterable[Row], path: Path) -> None:
    """Write rows as JSON, one a line."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
