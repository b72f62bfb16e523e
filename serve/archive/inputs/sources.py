"""Which files an INPUT names, in which order, and of which format each is."""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from glob import glob, has_magic
from pathlib import Path

from model.errors import Fault, InvalidData

FORMATS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
}
NAMES = ("jsonl", "csv", "tsv", "parquet", "text", "html")
_COMPRESSED = (".gz", ".zst")
_VALID = "valid: " + ", ".join((*FORMATS, "each also with .gz or .zst"))
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read.

    Attributes:
        name: how rows and rejects name it: its path below the folder that was given.
        format: one of NAMES; None where its ending says none.
        size: in bytes, as it lies there; -1 where it cannot be read.
        modified: in nanoseconds; a file that changes while it is read is noticed by it.
        digest: BLAKE2b of its bytes; empty until `with_digests`.
        named: whether the command names this file, and not a folder or pattern.
    """

    path: Path
    name: str
    format: str | None
    size: int
    modified: int
    digest: str = ""
    named: bool = False

    @property
    def stem(self) -> str:
        """The name without folders and endings, for the id of the document it is."""
        return _bare(Path(self.name).name).rpartition(".")[0] or self.name


def find_sources(given: str, *, form: str | None, without: Sequence[Path] = ()) -> list[Source]:
    """List the files of a path, folder or pattern, sorted by the bytes of their names.

    Hidden files, temporary ones and those in `without` are left out.

    Raises:
        InvalidData: there is none, or the one that is named is of no known format.
    """
    path = Path(given)
    if path.is_dir():
        found = [(each, str(each.relative_to(path))) for each in _below(path)]
    elif has_magic(given) and not path.exists():
        matched = glob(given, recursive=True)  # noqa: PTH207 - Path takes no whole patterns
        found = [(Path(each), each) for each in matched]
        found = [(each, name) for each, name in found if each.is_file() and not _hidden(each.name)]
    else:
        return [_the_one(path, form)]
    left_out = {each.absolute() for each in without}
    found = [(each, name) for each, name in found if each.absolute() not in left_out]
    if not found:
        raise _refused(given, "empty", "no files", "at least one file")
    found.sort(key=lambda each: os.fsencode(each[1]))
    return [_source(each, name, form) for each, name in found]


def with_digests(sources: Sequence[Source], on_bytes: Callable[[int], None]) -> list[Source]:
    """Read every file once for the digest that says later whether it is still the same."""
    return [replace(each, digest=_digest(each.path, on_bytes)) for each in sources]


def changed(source: Source) -> bool:
    """Whether a file is another than when it was listed."""
    return _state(source.path) != (source.size, source.modified)


def _the_one(path: Path, form: str | None) -> Source:
    source = _source(path, path.name, form)
    if source.size < 0:
        try:
            path.open("rb").close()
        except OSError as error:
            reason = error.strerror or str(error)
            raise _refused(str(path), "unreadable", reason, "a file") from error
    if source.format is None:
        ending = path.suffix or "no ending"
        raise _refused(str(path), "format", ending, f"{_VALID}; or FORMAT={'|'.join(NAMES)}")
    return replace(source, named=True)


def _source(path: Path, name: str, form: str | None) -> Source:
    ending = Path(_bare(path.name.lower())).suffix
    size, modified = _state(path)
    return Source(path, name, form or FORMATS.get(ending), size, modified)


def _bare(name: str) -> str:
    for ending in _COMPRESSED:
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name


def _state(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return -1, 0
    return found.st_size, found.st_mtime_ns


def _below(folder: Path) -> Iterator[Path]:
    for inner, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not _hidden(name) and not name.endswith(".work")]
        yield from (Path(inner, name) for name in files if not _hidden(name))


def _hidden(name: str) -> bool:
    return name.startswith((".", "~")) or name.endswith(("~", ".tmp", ".part"))


def _digest(path: Path, on_bytes: Callable[[int], None]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                on_bytes(len(block))
    except OSError:
        return "unreadable"
    return digest.hexdigest()


def _refused(file: str, code: str, got: str, valid: str) -> InvalidData:
    return InvalidData([Fault(file, 0, "file", code, got, valid)])
