"""spaCy's text categories: `text` and `cats`, 1 or 0 for every label; pairs of them too."""

from collections.abc import Iterator
from pathlib import Path

from data.exchange.formats.answers import Answer, answer_of
from data.exchange.formats.content import read_values
from data.exchange.formats.options import ReadOptions
from data.exchange.formats.rows import place_of, row_of, text_of
from data.judgements.rows_to_events import SourceRow


def read(path: Path, options: ReadOptions) -> Iterator[SourceRow]:
    """Yield every text with its categories."""
    for number, value, problem in read_values(path, options):
        row = as_row(value)
        if problem or row is None:
            wrong = problem or ("row", "type", value, "an object with text and cats")
            yield SourceRow(number, problem=wrong)
            continue
        text = text_of(row, options)
        if isinstance(text, tuple):
            yield SourceRow(number, problem=text)
            continue
        name = options.labels or "cats"
        fields = place_of(row, options, taken=("text", options.text or "text", name, "annotator"))
        person = {"annotator": row["annotator"]} if "annotator" in row else {}
        answer = answer_of(row[name], options) if name in row else _missing(row)
        yield row_of(number, {**fields, **person, **text}, answer)


def as_row(value: object) -> dict[str, object] | None:
    """An object, or spaCy's pair of a text and an object with `cats`."""
    if isinstance(value, list) and len(value) == 2 and isinstance(value[1], dict):
        return {"text": value[0], **value[1]}
    return value if isinstance(value, dict) else None


def _missing(row: dict[str, object]) -> Answer:
    return Answer(problem=("labels", "missing", f"the fields {sorted(row)}", "cats of all labels"))
