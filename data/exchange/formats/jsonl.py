"""The canonical form: one judgement a line, in the fields of an annotation and an event."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from data.annotation.json_lines import read_json_lines
from data.exchange.formats.answers import Row, write_lines
from data.judgements.rows_to_events import SourceRow


def read(path: Path) -> Iterator[SourceRow]:
    """Yield the rows as they are."""
    for number, value, problem in read_json_lines(path):
        yield SourceRow(number, value, problem)


def write(rows: Iterable[Row], path: Path) -> None:
    """Write the rows as they are."""
    write_lines(rows, path)
