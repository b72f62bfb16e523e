"""Records to documents: which field is the text, which the id; all others are carried along."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model.errors import Fault, InputError, InvalidData
from model.text.checks import check_text
from serve.archive.inputs.read import SourceReader
from serve.archive.inputs.record import START, Found, Problem, ReadOptions, shown
from serve.archive.inputs.sources import Source, find_sources
from serve.archive.seen_ids import SeenIds

_SURROGATE = re.compile("[\ud800-\udfff]")
_WHOLE = ("text", "html")  # formats of which a file is one document

Id = str | int


@dataclass(frozen=True, slots=True)
class Document:
    """A text to score, the id that its rows get, and what else its record says.

    Attributes:
        file: where it is from, if more than one file is read.
        line: where it begins there, as in Found.
        record: its number there.
    """

    id: Id
    text: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    line: int = field(default=0, compare=False)
    record: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that is not scored: where it stands, and why."""

    file: str
    line: int
    record: int
    id: Id | None
    problem: Problem

    def to_fields(self) -> dict[str, Any]:
        """The fields of a line of the file of rejects."""
        problem = self.problem
        return {
            "file": self.file,
            "line": self.line,
            "record": self.record,
            **({} if self.id is None else {"id": self.id}),
            "field": problem.field,
            "code": problem.code,
            "got": problem.got,
            "valid": problem.valid,
            "raw": problem.raw,
        }

    def fault(self) -> Fault:
        """The same, as commands tell it."""
        each = self.problem
        return Fault(self.file, self.line, each.field, each.code, each.got, each.valid)


class Documents:
    """Makes documents of the records of sources; an id that comes again is a fault."""

    def __init__(self, options: ReadOptions, seen: SeenIds) -> None:
        self._options, self._seen = options, seen

    def document(self, source: Source, number: int, found: Found) -> Document | Reject:
        """Make a document of a record of the source that is the `number`th, from 0."""
        record = found.after.record
        if isinstance(found.value, Problem):
            return Reject(source.name, found.line, record, None, found.value)
        named = self._id(source, record, found.value)
        if isinstance(named, Problem):
            return Reject(source.name, found.line, record, None, named)
        document = self._document(source, named, found)
        if isinstance(document, Problem):
            return Reject(source.name, found.line, record, named, document)
        if first := self._seen.earlier(named, (number, record)):
            valid = f"an id of its own; first in record {first[1]:,} of file {first[0] + 1:,}"
            repeated = Problem("id", "duplicate", repr(named)[:80], valid)
            return Reject(source.name, found.line, record, named, repeated)
        return document

    def _id(self, source: Source, record: int, fields: Mapping[str, Any]) -> Id | Problem:
        name = self._options.id or "id"
        if name not in fields:
            if self._options.id:
                return Problem("id", "missing", "no field " + repr(name), "an id")
            if source.format in _WHOLE:
                return source.stem if source.named else source.name
            return f"{source.name}:{record}"
        value = fields[name]
        if type(value) is int or (isinstance(value, str) and value.strip()):
            return value
        return Problem("id", "type", repr(value)[:80], "a string that is not empty, or an integer")

    def _document(self, source: Source, named: Id, found: Found) -> Document | Problem:
        assert not isinstance(found.value, Problem)  # noqa: S101 - asked before
        text, rest = _taken(found.value, self._options.text)
        if not isinstance(text, str):
            valid = f"a string in {self._options.text!r}; another field is named by TEXT="
            got = "nothing" if text is None else repr(text)[:80]
            return Problem("text", "type", got, valid)
        try:
            check_text(text, name="the text")
        except InputError as error:
            return Problem("text", "unusable", repr(text[:40]), str(error), shown(text))
        rest.pop(self._options.id or "id", None)
        if _SURROGATE.search(json.dumps([named, rest], ensure_ascii=False)):
            got = "half a character (a lone surrogate)"
            return Problem("row", "unusable", got, "text in every field", shown(text))
        file = "" if source.named else source.name
        return Document(named, text, rest, file, found.line, found.after.record)


def _taken(fields: Mapping[str, Any], path: str) -> tuple[Any, dict[str, Any]]:
    """A field by its name, or by the path to it, such as body.text; and the others."""
    rest = dict(fields)
    if path in rest or "." not in path:
        return rest.pop(path, None), rest
    first, _, below = path.partition(".")
    if not isinstance(rest.get(first), Mapping):
        return None, rest
    text, rest[first] = _taken(rest[first], below)
    return text, rest


def read_documents(path: Path) -> list[Document]:
    """Read all documents of a file or folder at once.

    Raises:
        InvalidData: with every fault of every record.
    """
    sources = find_sources(str(path), form=None)
    found = list(_all(sources))
    faults = [each.fault() for each in found if isinstance(each, Reject)]
    documents = [each for each in found if isinstance(each, Document)]
    if not (faults or documents):
        faults = [Fault(str(path), 0, "file", "empty", "no records", "at least one")]
    if faults:
        raise InvalidData(faults)
    return documents


def _all(sources: list[Source]) -> Iterator[Document | Reject]:
    options = ReadOptions()
    with SeenIds() as seen:
        documents = Documents(options, seen)
        for number, source in enumerate(sources):
            for found in SourceReader(source, START, options):
                yield documents.document(source, number, found)
