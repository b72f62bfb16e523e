"""What a command asks of an archive, and where its files are; refused early if it cannot be."""

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from model.errors import Fault, InvalidData, OutputRefused
from serve.archive.assemble import Names
from serve.archive.errors import DiskFull
from serve.archive.inputs.parquet import NEEDED
from serve.archive.inputs.record import ReadOptions
from serve.archive.inputs.sources import NAMES, Source, find_sources
from serve.archive.outputs.writers import ENDINGS, format_of
from serve.archive.work_folder import WorkFolder

PIPE = "-"
ROWS = ("sentences", "documents")
# Rows of sentences are about three times as long as their text, and there are two copies of them
# while the output is put together. What is checked is less: nothing is refused that might fit.
_SPACE = 4
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Request:
    """One run.

    Attributes:
        given: a path, folder or pattern, or "-" for what comes by a pipe.
        rows: one of ROWS.
        overwrite: whether an output that is there is replaced.
        restart: whether what another run left is thrown away.
    """

    given: str
    output: Path
    read: ReadOptions = field(default_factory=ReadOptions)
    rows: str = "sentences"
    overwrite: bool = False
    restart: bool = False

    def options(self) -> dict[str, Any]:
        """Those that decide what the output is."""
        return {**asdict(self.read), "rows": self.rows, "output": format_of(self.output)}


def check_output(request: Request) -> None:
    """Refuse an output that could not be written, before anything is read.

    Raises:
        OutputRefused: of an unknown ending, a folder, or where nothing can be written.
    """
    output = request.output
    form = format_of(output)
    if form is None:
        valid = ", ".join(ENDINGS)
        raise OutputRefused(f"{output} has an ending that says no format: use one of {valid}")
    if form == "parquet" and not find_spec("pyarrow"):
        raise OutputRefused(NEEDED)
    if output.is_dir():
        raise OutputRefused(f"{output} is a folder: name a file")
    if not (output.parent.is_dir() and os.access(output.parent, os.W_OK | os.X_OK)):
        raise OutputRefused(f"{output.parent} is no folder that can be written to: make it first")


def check_space(request: Request, sources: Sequence[Source]) -> None:
    """Refuse to begin what the disk surely cannot hold.

    Raises:
        DiskFull: less is free than rows of that much text take.
    """
    size = sum(max(0, source.size) for source in sources)
    factor = _SPACE if request.rows == "sentences" else _SPACE // 2
    free = shutil.disk_usage(request.output.parent).free
    if free < factor * size:
        raise DiskFull(
            f"{request.output.parent} has {free:,} bytes free; the rows of {size:,} bytes of input "
            f"take at least {factor * size:,} while they are written: free some, or write elsewhere"
        )


def check_read_options(options: ReadOptions) -> None:
    """Refuse an encoding that lines cannot be read in.

    Raises:
        OutputRefused: it is unknown, or has line feeds of more than a byte.
    """
    try:
        usable = "\n".encode(options.encoding) == b"\n"
    except LookupError:
        usable = False
    if not usable:
        raise OutputRefused(
            f"ENCODING={options.encoding} is unknown, or its characters are of two bytes and more: "
            "convert the files to UTF-8 first (iconv)"
        )


def sources_of(request: Request, work: WorkFolder) -> list[Source]:
    """List what is to be read; what comes by a pipe is kept in the work folder first.

    Raises:
        InvalidData: there is nothing, of no known format, or what reads it is not installed.
        OutputRefused: the output is one of the files that are read.
    """
    form = request.read.format
    if request.given == PIPE:
        sources = [_piped(work, form or "jsonl")]
    else:
        names = Names(request.output)
        without = (request.output, names.rejects, names.manifest)
        sources = find_sources(request.given, form=form, without=without)
        if any(each.path.resolve() == request.output.resolve() for each in sources):
            raise OutputRefused(f"{request.output} is read: write to another file")
    if any(each.format == "parquet" for each in sources) and not find_spec("pyarrow"):
        name = next(each.name for each in sources if each.format == "parquet")
        raise InvalidData([Fault(name, 0, "file", "format", "parquet", NEEDED)])
    return sources


def _piped(work: WorkFolder, form: str) -> Source:
    """Keep what comes by the pipe: it cannot be read twice."""
    if form not in NAMES:
        raise InvalidData([Fault(PIPE, 0, "file", "format", form, "|".join(NAMES))])
    with work.input.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file, _BLOCK)
    state = work.input.stat()
    return Source(work.input, "stdin", form, state.st_size, state.st_mtime_ns, named=True)
