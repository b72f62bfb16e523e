"""The bytes of a file, decompressed as they are read; a file that ends too early is an error."""

import gzip
import io
import lzma
import sys
import zlib
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from model.errors import DemarcheError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    # not `zstandard`: it reads a truncated file as a shorter one, without an error
    from backports import zstd

GZIP, ZSTD = ".gz", ".zst"
_BUFFER = 1 << 18
_MAGIC = ((b"\x1f\x8b", GZIP), (b"\x28\xb5\x2f\xfd", ZSTD))
_DAMAGE = (gzip.BadGzipFile, zlib.error, zstd.ZstdError, lzma.LZMAError)


class StreamEnds(DemarcheError):
    """A file cannot be read to its end.

    Attributes:
        code: truncated, damaged or unreadable.
    """

    exit_code = 3

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class ByteStream:
    """A file open for reading, by lines or whole. Every failure of it is a StreamEnds.

    Attributes:
        offset: bytes read so far, decompressed.
    """

    def __init__(self, path: Path) -> None:
        self.offset = 0
        try:
            self._raw: BinaryIO = path.open("rb")
        except OSError as error:
            raise _ended(error) from error
        self._size = max(1, path.stat().st_size)
        self._file = _decompressed(self._raw)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()
        self._raw.close()

    @property
    def share(self) -> float:
        """How much of the file was read, from 0 to 1."""
        return min(1.0, self._raw.tell() / self._size)

    def read(self, size: int) -> bytes:
        """Read up to `size` bytes, fewer only at the end."""
        try:
            content = self._file.read(size)
        except (EOFError, OSError, *_DAMAGE) as error:
            raise _ended(error) from error
        self.offset += len(content)
        return content

    def readline(self, most: int) -> bytes:
        """Read a line with its line feed, or the first `most` bytes of it; empty at the end."""
        try:
            line = self._file.readline(most)
        except (EOFError, OSError, *_DAMAGE) as error:
            raise _ended(error) from error
        self.offset += len(line)
        return line

    def skip_to(self, offset: int) -> None:
        """Go on at an offset; of a compressed file all before it is read."""
        if self._file is self._raw:
            self._file.seek(offset)
            self.offset = offset
            return
        while self.offset < offset and self.read(min(_BUFFER, offset - self.offset)):
            pass


def _decompressed(raw: BinaryIO) -> BinaryIO:
    """By the first bytes, whatever the name says."""
    first = cast("io.BufferedReader", raw).peek(4)[:4]
    kind = next((kind for magic, kind in _MAGIC if first.startswith(magic)), None)
    if kind == GZIP:
        return cast("BinaryIO", io.BufferedReader(gzip.GzipFile(fileobj=raw), _BUFFER))
    if kind == ZSTD:
        return cast("BinaryIO", io.BufferedReader(zstd.ZstdFile(raw), _BUFFER))
    return raw


def _ended(error: Exception) -> StreamEnds:
    if isinstance(error, EOFError):
        return StreamEnds("truncated", "the compressed file ends before its end mark")
    if isinstance(error, _DAMAGE):
        return StreamEnds("damaged", str(error) or type(error).__name__)
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return StreamEnds("unreadable", reason)
