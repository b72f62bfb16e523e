"""What reading a file gives, record by record, and where reading can go on after each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# One text, one line, one row: longer ones are rejected, so that memory has a bound. A verbatim
# record of a whole day of a parliament has 2 MB.
MAX_BYTES = 16 * 1024 * 1024
_SHOWN = 200  # bytes of a rejected record that are shown


@dataclass(frozen=True, slots=True)
class Position:
    """How far a file was read.

    Attributes:
        offset: bytes of the file, decompressed; rows of a Parquet file.
        line: lines that were read.
        record: records that were read, the rejected among them.
    """

    offset: int = 0
    line: int = 0
    record: int = 0


START = Position()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a record cannot be scored; the fields are those of model.errors.Fault.

    Attributes:
        raw: how the record begins.
    """

    field: str
    code: str
    got: str
    valid: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One record, or why there is none.

    Attributes:
        line: where it begins, from 1; 0 in files without lines.
        after: where reading goes on.
        value: its fields, or what is wrong.
        ends: whether nothing of the file is read after it.
    """

    line: int
    after: Position
    value: Mapping[str, Any] | Problem
    ends: bool = False


@dataclass(frozen=True)
class ReadOptions:
    """What the command says of the files.

    Attributes:
        text: the column or field of the text.
        id: that of the id; None takes `id` where it is there, and else counts records.
        encoding: of text files.
        format: of all files; None goes by their endings.
    """

    text: str = "text"
    id: str | None = None
    encoding: str = "utf-8"
    format: str | None = None


def shown(raw: bytes | str) -> str:
    """Show how a record begins, in at most 200 bytes."""
    content = raw if isinstance(raw, bytes) else raw.encode("utf-8", "backslashreplace")
    return content[:_SHOWN].decode("utf-8", "backslashreplace").rstrip("\r\n")


def decoded(content: bytes, encoding: str) -> str | Problem:
    """Decode bytes, or say which byte is wrong."""
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        got = f"byte 0x{content[error.start]:02x} at {error.start}: {error.reason}"
        return Problem("row", "encoding", got, f"{encoding}, or another ENCODING=", shown(content))
