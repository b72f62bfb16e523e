"""Read one source of any format from any position on."""

from collections.abc import Callable, Iterator

from serve.archive.inputs.byte_stream import ByteStream, StreamEnds
from serve.archive.inputs.json_lines import read_json_lines
from serve.archive.inputs.parquet import read_parquet, rows_of
from serve.archive.inputs.record import Found, Position, Problem, ReadOptions
from serve.archive.inputs.sources import NAMES, Source
from serve.archive.inputs.tables import read_csv, read_tsv
from serve.archive.inputs.whole_files import read_page, read_text

_BY_BYTES: dict[str, Callable[[ByteStream, Position, ReadOptions], Iterator[Found]]] = {
    "jsonl": read_json_lines,
    "csv": read_csv,
    "tsv": read_tsv,
    "text": read_text,
    "html": read_page,
}
_VALID = {
    "truncated": "a whole file: copy it again; what was before this place is scored",
    "damaged": "a whole file: copy it again; what was before this place is scored",
    "unreadable": "a file that can be read",
}


class SourceReader:
    """The records of one source after `start`, and why there are no more if the file breaks off."""

    def __init__(self, source: Source, start: Position, options: ReadOptions) -> None:
        self._source, self._at, self._options = source, start, options
        self._stream: ByteStream | None = None
        self._rows = 0

    @property
    def share(self) -> float:
        """How much of the file was read, from 0 to 1."""
        if self._source.format == "parquet":
            self._rows = self._rows or rows_of(self._source.path)
            return min(1.0, self._at.offset / self._rows)
        return self._stream.share if self._stream else 0.0

    def __iter__(self) -> Iterator[Found]:
        try:
            for found in self._read():
                self._at = found.after
                yield found
        except StreamEnds as error:
            problem = Problem("file", error.code, error.reason, _VALID[error.code])
            line = self._at.line + 1 if self._at.line else 0
            yield Found(line, self._at, problem, ends=True)

    def _read(self) -> Iterator[Found]:
        source, start = self._source, self._at
        if source.format is None:
            valid = "another ending, or FORMAT=" + "|".join(NAMES)
            problem = Problem("file", "format", source.path.suffix or "no ending", valid)
            yield Found(0, start, problem, ends=True)
        elif source.size == 0:
            problem = Problem("file", "empty", "0 bytes", "at least one record")
            yield Found(0, start, problem, ends=True)
        elif source.format == "parquet":
            yield from read_parquet(source.path, start, self._options)
        else:
            with ByteStream(source.path) as self._stream:
                yield from _BY_BYTES[source.format](self._stream, start, self._options)
            self._stream = None
