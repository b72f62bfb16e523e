"""Text classification records of Argilla 1.x: one annotation a record, and its status.

"Validated" is an answer, "Discarded" a skip, "Default" unanswered. Predictions are not read.
"""

from collections.abc import Iterator
from pathlib import Path

from data.exchange.formats.answers import Answer, answer_of, is_empty
from data.exchange.formats.content import read_values
from data.exchange.formats.options import ReadOptions, folded
from data.exchange.formats.rows import Row, given, person_of, place_of, row_of, text_of
from data.judgements.rows_to_events import SourceRow

_STATUSES = ("validated", "discarded", "default", "edited")
_OWN = ("annotation", "annotation_agent", "prediction", "prediction_agent", "status", "inputs")
_TOOL = ("multi_label", "metrics", "explanation", "vectors", "search_keywords", "event_timestamp")


def read(path: Path, options: ReadOptions) -> Iterator[SourceRow]:
    """Yield every record."""
    for number, record, problem in read_values(path, options):
        if problem or not isinstance(record, dict):
            wrong = problem or ("row", "type", record, "a record")
            yield SourceRow(number, problem=wrong)
        else:
            yield _row(number, record, options)


def _row(number: int, record: Row, options: ReadOptions) -> SourceRow:
    inputs = record["inputs"] if isinstance(record.get("inputs"), dict) else {}
    metadata = record["metadata"] if isinstance(record.get("metadata"), dict) else {}
    text = text_of({**given(text=record.get("text")), **inputs}, options)
    if isinstance(text, tuple):
        return SourceRow(number, problem=text)
    taken = (*_OWN, *_TOOL, "metadata", "text", options.text or "text")
    beside = {name: value for name, value in record.items() if name not in taken}
    fields = {
        **place_of({**beside, **metadata}, options),
        **given(annotator=person_of(record.get("annotation_agent"))),
        **text,
    }
    unkept = ("predictions of records",) if record.get("prediction") else ()
    answer = _answer(record, options)
    if not answer.answered:
        unkept = ()
    return row_of(number, fields, answer, unkept=unkept)


def _answer(record: Row, options: ReadOptions) -> Answer:
    given_answer = record.get("annotation")
    blank = given_answer != [] and is_empty(given_answer)
    status = folded(str(record.get("status") or ("default" if blank else "validated")))
    if status == "discarded":
        return Answer(skipped=True)
    if status not in _STATUSES or (status != "validated" and not blank):
        found = f"{record.get('status')} with the annotation {given_answer!r}"
        return Answer(
            problem=("status", "value", found, "Validated, Discarded, or Default without")
        )
    return Answer(answered=False) if status != "validated" else answer_of(given_answer, options)
