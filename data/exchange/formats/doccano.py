"""doccano's rows: `text` or `data`, and a list of names under `label`, or one.

doccano writes an empty list for what nobody has answered and for what has no label: what it means
has to be said (MAP="=none" or MAP="=unanswered").
"""

from collections.abc import Iterator
from pathlib import Path

from data.exchange.formats.answers import Answer, answer_of
from data.exchange.formats.content import read_values
from data.exchange.formats.options import ReadOptions
from data.exchange.formats.rows import Row, given, person_of, place_of, row_of, text_of
from data.judgements.rows_to_events import SourceRow

_TOOL = ("label", "text", "data", "Comments", "annotation_approver", "meta", "user", "annotator")


def read(path: Path, options: ReadOptions) -> Iterator[SourceRow]:
    """Yield every row."""
    for number, row, problem in read_values(path, options):
        if problem or not isinstance(row, dict):
            wrong = problem or ("row", "type", row, "an object with text and label")
            yield SourceRow(number, problem=wrong)
        else:
            yield _row(number, row, options)


def _row(number: int, row: Row, options: ReadOptions) -> SourceRow:
    text = text_of(row, options, names=("text", "data"))
    if isinstance(text, tuple):
        return SourceRow(number, problem=text)
    name = options.labels or "label"
    meta = row["meta"] if isinstance(row.get("meta"), dict) else {}
    beside = {key: value for key, value in row.items() if key not in (*_TOOL, name, options.text)}
    person = person_of(row.get("annotator") or row.get("user") or row.get("annotation_approver"))
    fields = {**place_of({**beside, **meta}, options), **given(annotator=person), **text}
    comments = {"comments": row["Comments"]} if row.get("Comments") else {}
    return row_of(number, {**fields, **comments}, _answer(row, name, options))


def _answer(row: Row, name: str, options: ReadOptions) -> Answer:
    others = [each for each in ("labels", "stance", "choice") if each in row and each != name]
    if name not in row or (others and not options.labels):
        valid = "the answer in one field: LABELS=name says which"
        return Answer(problem=("labels", "missing", f"the fields {sorted(row)}", valid))
    found = row[name]
    if isinstance(found, list) and any(isinstance(each, (list, dict)) for each in found):
        valid = "names of labels; spans are read as FORMAT=statements (docs/annotations.md)"
        return Answer(problem=("labels", "type", found, valid))
    return answer_of(None if found == [] else found, options)
