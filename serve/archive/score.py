"""Batch scoring: a file of documents in, a whole file of scored sentences out."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from model.classifier import StanceClassifier
from model.durable import whole_file
from model.errors import Fault, InputError, InvalidData
from model.text.checks import check_text
from model.text.sentences import Sentence, split_sentences

# Documents are scored together until they hold this many sentences: enough to sort by length.
_CHUNK_SENTENCES = 2048


@dataclass(frozen=True)
class Document:
    """A text to score, and the id that its rows get."""

    id: str
    text: str


def read_documents(path: Path) -> list[Document]:
    """Read JSONL rows with `id` and `text`, or a .txt file as one document named after it.

    Raises:
        InvalidData: with every fault of every row.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidData(
            [Fault(str(path), 0, "file", "unreadable", str(error), "a file")]
        ) from error
    if path.suffix == ".txt":
        rows = [(1, _parse_text(content, path))]
    elif path.suffix in (".jsonl", ".ndjson"):
        rows = [(n, _parse_row(line, path, n)) for n, line in enumerate(content.splitlines(), 1)]
    else:
        fault = Fault(
            str(path), 0, "file", "format", path.suffix or "no ending", "valid: .jsonl, .txt"
        )
        raise InvalidData([fault])
    faults = [row for _, row in rows if isinstance(row, Fault)]
    faults += _repeated_ids([(n, row) for n, row in rows if isinstance(row, Document)], path)
    if faults:
        raise InvalidData(sorted(faults, key=lambda fault: fault.line))
    if not rows:
        raise InvalidData([Fault(str(path), 0, "file", "empty", "no rows", "at least one row")])
    return [row for _, row in rows if isinstance(row, Document)]


def score_documents(
    documents: Iterable[Document],
    classifier: StanceClassifier,
    output: Path,
    *,
    on_characters: Callable[[int], None],
) -> int:
    """Write the scored sentences of all documents to `output`; return how many.

    The file is there only when all rows are written and on disk. `on_characters` is called with the
    number of characters that were scored since its last call.
    """
    count = 0
    with whole_file(output) as file:
        for chunk in _chunks(documents):
            count += len(chunk)
            file.writelines(_scored_lines(chunk, classifier))
            on_characters(sum(len(sentence.text) for _, sentence in chunk))
    return count


def _chunks(documents: Iterable[Document]) -> Iterator[list[tuple[str, Sentence]]]:
    chunk: list[tuple[str, Sentence]] = []
    for document in documents:
        chunk += [(document.id, sentence) for sentence in split_sentences(document.text)]
        if len(chunk) >= _CHUNK_SENTENCES:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _scored_lines(chunk: list[tuple[str, Sentence]], classifier: StanceClassifier) -> Iterator[str]:
    scored = classifier.score([sentence for _, sentence in chunk])
    version = classifier.manifest.version
    for (document, _), row in zip(chunk, scored, strict=True):
        fields = {"id": document, **row.to_fields(), "model": version}
        yield json.dumps(fields, ensure_ascii=False) + "\n"


def _parse_text(content: bytes, path: Path) -> Document | Fault:
    try:
        text = content.decode("utf-8-sig")
        check_text(text, name="the text")
    except (UnicodeDecodeError, InputError) as error:
        return Fault(str(path), 1, "text", "unusable", str(error), "UTF-8 text")
    return Document(path.stem, text)


def _parse_row(line: bytes, path: Path, number: int) -> Document | Fault:
    def fault(field: str, code: str, got: object, valid: str) -> Fault:
        return Fault(str(path), number, field, code, repr(got)[:80], valid)

    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return fault("row", "json", line[:60], f"one JSON object a line ({error})")
    if not isinstance(row, dict):
        return fault("row", "type", row, "one JSON object a line")
    for field in ("id", "text"):
        if not isinstance(row.get(field), str):
            return fault(field, "type", row.get(field), "a string")
    try:
        check_text(row["text"], name="the text")
    except InputError as error:
        return fault("text", "unusable", row["text"][:40], str(error))
    return Document(row["id"], row["text"])


def _repeated_ids(rows: list[tuple[int, Document]], path: Path) -> list[Fault]:
    ordered = sorted(rows, key=lambda row: (row[1].id, row[0]))
    return [
        Fault(str(path), number, "id", "duplicate", repr(name), f"first in line {same[0][0]}")
        for name, group in groupby(ordered, key=lambda row: row[1].id)
        for same in [list(group)]
        for number, _ in same[1:]
    ]
