"""Files that are whole or absent, whatever stops the process or the machine."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

TEMPORARY_PREFIX = ".tmp-"


def sync(path: Path) -> None:
    """Wait until a file's bytes, or a folder's names, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def whole_file(path: Path, *, newline: str | None = None) -> Iterator[TextIO]:
    """Open a text file that takes its name only when the block ends well, complete and on disk.

    Whatever stops the block, what stood at `path` before stays, and the temporary file goes.
    """
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{path.name}-{os.getpid()}")
    try:
        with temporary.open("w", encoding="utf-8", newline=newline) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def replace_text(path: Path, text: str) -> None:
    """Give a file new content: a reader sees the old or the new, never a part."""
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
    """Add a line and wait until it is on the disk; nothing of it remains if that fails.

    What an interrupted write left without a line break is ended first, so that it spoils no more
    than itself.
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
