"""Who did a Prodigy task: its ids are a data set's name, a hyphen and a person's, or a time."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from data.exchange.formats.fields.options import ReadOptions
from data.exchange.formats.fields.rows import person_of
from data.judgements.person import person_of as person_key
from model.errors import Fault, InvalidData

_TIME = re.compile(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d$")  # a session that nobody named


def person_of_task(task: Mapping[str, Any]) -> str | None:
    """The person as Prodigy has it; None for a session that is only a time."""
    person = person_of(task.get("_annotator_id") or task.get("_session_id"))
    return None if person is None or _TIME.search(person) else person


def check_sessions(people: Iterable[str], options: ReadOptions, path: Path) -> None:
    """Refuse names that look like one person in two data sets, unless a map says who they are.

    Raises:
        InvalidData: two names end alike after a hyphen.
    """
    alike: defaultdict[str, list[str]] = defaultdict(list)
    different = {person_key(each): each for each in sorted(people)}
    for person in different.values():
        if options.map.line_of(person) is None:
            _, *tails = (person[match.end() :] for match in re.finditer("^|-", person))
            for tail in tails:
                alike[person_key(tail)].append(person)
    for tail, names in alike.items():
        if len(names) > 1:
            valid = (
                "one name a person: ANNOTATORS=map.csv with lines such as "
                f"{names[0]},{tail} and {names[1]},{tail}"
            )
            found = f"{' and '.join(map(repr, names))}, who may be one person"
            raise InvalidData([Fault(str(path), 1, "annotator", "two_names", found, valid)])
