"""The behavioural suite: what any usable classifier must do, one function of language at a time.

After Ribeiro and others, "Beyond accuracy: behavioral testing of NLP models with CheckList", 2020.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.annotation.json_lines import read_json_objects
from model.errors import Fault, InvalidData
from model.stance import STANCES

FOLDER = Path(__file__).parents[1] / "corpus" / "behaviour"

MINIMUM, INVARIANCE, DIRECTION = "mft", "inv", "dir"
_FIELDS = {
    MINIMUM: {"text", "expect"},
    INVARIANCE: {"texts"},
    DIRECTION: {"texts", "label"},
}
_ALWAYS = {"id", "function", "rule", "type", "critical"}


@dataclass(frozen=True)
class Case:
    """One test.

    Attributes:
        function: what it tests, such as "negation-of-demand".
        rule: the codebook's ruling, or "definition" or "invariance".
        type: minimum functionality ("mft": one text), invariance ("inv": two texts, one label set)
            or direction ("dir": the second text scores higher on `label`).
        critical: whether a model that fails it must not be promoted.
        expect: for minimum functionality, which stances must be there and which must not.
    """

    id: str
    function: str
    rule: str
    type: str
    critical: bool
    texts: tuple[str, ...]
    expect: Mapping[str, bool] = field(default_factory=dict)
    label: str | None = None


def read_behaviour(folder: Path = FOLDER) -> list[Case]:
    """Read every case of the suite.

    Raises:
        InvalidData: a file is not JSON lines, or with every row that is not a case.
    """
    cases: list[Case] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, row in read_json_objects(path):
            if problem := _problem(row, cases):
                faults.append(Fault(str(path), number, "row", "case", str(row)[:60], problem))
            else:
                cases.append(_case(row))
    if faults:
        raise InvalidData(faults)
    return cases


def _problem(row: Mapping[str, Any], cases: Sequence[Case]) -> str | None:
    wanted = _FIELDS.get(str(row.get("type")))
    if wanted is None:
        return f"a type out of {sorted(_FIELDS)}"
    if set(row) != _ALWAYS | wanted:
        return f"the fields {sorted(_ALWAYS | wanted)}"
    texts, wanted_texts = (row["texts"], 2) if "texts" in wanted else ([row["text"]], 1)
    if not isinstance(texts, list) or len(texts) != wanted_texts or not _are_strings(texts):
        return "two texts" if wanted_texts == 2 else "a text"
    named = row["expect"] if row["type"] == MINIMUM else {row.get("label", STANCES[0]): True}
    if not isinstance(named, dict) or not named or not set(named) <= set(map(str, STANCES)):
        return f"labels out of {list(map(str, STANCES))}"
    if any(case.id == row["id"] for case in cases):
        return "an id of its own"
    return None


def _are_strings(values: Sequence[object]) -> bool:
    return all(isinstance(each, str) for each in values)


def _case(row: Mapping[str, Any]) -> Case:
    texts = row["texts"] if "texts" in row else [row["text"]]
    kept = {name: value for name, value in row.items() if name not in ("text", "texts")}
    return Case(**kept, texts=tuple(texts))
