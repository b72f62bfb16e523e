"""Write files and folders that are whole or absent, whatever stops the process or the machine."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO

from model.errors import OutputRefused

TEMPORARY_PREFIX = ".tmp-"
_DATABASE = b"SQLite format 3\0"  # how every file of SQLite begins
_BESIDE = ("-wal", "-shm", "-journal")  # files that SQLite keeps beside it
_SEALED = ("COMPLETE", "manifest.json")  # both are in the folder of a finished model


def sync(path: Path) -> None:
    """Wait until a file's bytes, or a folder's names, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_output(path: Path) -> None:
    """Refuse to write over a database, its log, or anything in the folder of a finished model.

    Raises:
        OutputRefused: the path leads there, however it is spelt.
    """
    for place in (path, path.resolve()):
        databases = [place, *(place.with_name(place.name.removesuffix(end)) for end in _BESIDE)]
        if any(map(_is_database, databases)):
            raise OutputRefused(f"{path} is a database, or a part of one: name another file")
        if all((place.parent / name).is_file() for name in _SEALED):
            raise OutputRefused(f"{path} is in the folder of a model: name another file")


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_DATABASE)) == _DATABASE
    except OSError:
        return False


@contextmanager
def whole_file(path: Path, *, newline: str | None = None) -> Iterator[TextIO]:
    """Open a text file that gets its name only when the block succeeds, complete and on disk.

    Whatever stops the block, what was at `path` before stays, and the temporary file is removed.
    """
    with _temporary(path) as temporary, temporary.open("w", encoding="utf-8", newline=newline) as f:
        yield f
        _flush(f)


@contextmanager
def whole_binary_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file of bytes, otherwise as `whole_file`."""
    with _temporary(path) as temporary, temporary.open("wb") as file:
        yield file
        _flush(file)


@contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """Give a path beside `path`; what the block leaves there replaces it if the block succeeds."""
    check_output(path)
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{path.name}-{os.getpid()}")
    try:
        yield temporary
        temporary.replace(path)
        sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _flush(file: TextIO | BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def whole_folder(
    folder: Path, *, is_complete: Callable[[Path], bool] = Path.is_dir
) -> Iterator[Path]:
    """Give a temporary folder to fill, which becomes `folder` when the block succeeds.

    On any error, and where `is_complete` denies it, nothing of it remains.

    Raises:
        OSError: `folder` exists already and is not empty, or its place cannot be written to.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = folder.parent / f"{TEMPORARY_PREFIX}{folder.name}-{os.getpid()}"
    temporary.mkdir()
    try:
        yield temporary
        if is_complete(temporary):
            temporary.rename(folder)
            sync(folder.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def replace_text(path: Path, text: str) -> None:
    """Replace the content of a file: a reader sees the old or the new, never a part."""
    with whole_file(path) as file:
        file.write(text)


@contextmanager
def kept(path: Path) -> Iterator[None]:
    """Put a file back as it was if the block fails; what was not there is not there again.

    The old file keeps a second name meanwhile, so that putting it back takes no space on the disk.
    """
    old = path.with_name(f"{TEMPORARY_PREFIX}{path.name}-{os.getpid()}-kept")
    old.unlink(missing_ok=True)
    was_there = path.exists()
    if was_there:
        _name_again(path, old)
    try:
        yield
    except BaseException:
        if was_there:
            old.replace(path)
        else:
            path.unlink(missing_ok=True)
        with suppress(OSError):
            sync(path.parent)
        raise
    finally:
        old.unlink(missing_ok=True)


def _name_again(path: Path, other: Path) -> None:
    try:
        os.link(path, other)
    except OSError:  # some network file systems have no second names
        shutil.copyfile(path, other)


def append_line(path: Path, line: str) -> None:
    """Append a line and wait until it is on the disk; nothing of it remains if that fails.

    If an interrupted write left the last line without a line break, that line is ended first, so
    that it cannot damage the new one.
    """
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
    descriptor = os.open(path, flags, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        content = (("\n" if torn else "") + line + "\n").encode()
        try:
            while content:
                content = content[os.write(descriptor, content) :]
            os.fsync(descriptor)
            sync(path.parent)
        except OSError:
            os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)
