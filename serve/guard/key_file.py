"""Where keys come from: the environment, read once, or a file that is read again as it changes."""

import codecs
import os
import stat
from collections.abc import Callable
from pathlib import Path

import structlog

from model.errors import Fault, InvalidData
from serve.clock import Clock
from serve.guard.keys import Keys, KeysMissing, parse_keys, sift_keys
from serve.settings import Settings

KeySource = Callable[[], Keys]

_EVERY_SECONDS = 1.0
_MAX_BYTES = 1024 * 1024  # some 8,000 keys

_log = structlog.stdlib.get_logger()


class KeyFile:
    """The keys of a file as it is now; it is read once a second while requests come.

    A key that is no longer in the file lets nobody in. A line that is not a key does not either,
    and spoils no other line: the log names it. A file that is gone or cannot be read lets nobody
    in.

    Raises:
        InvalidData: when made, with every line that is not a key: the service does not start so.
    """

    def __init__(self, path: Path, *, clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._content = _read(path)
        self._keys = parse_keys(self._content, source=str(path))
        self._looked = clock()

    def __call__(self) -> Keys:
        """The keys that let somebody in now."""
        now = self._clock()
        if now - self._looked >= _EVERY_SECONDS:
            self._looked = now
            self._look()
        return self._keys

    def _look(self) -> None:
        try:
            content, faults = _read(self._path), []
        except InvalidData as error:
            content, faults = "", list(error.faults)
        if content != self._content:
            self._content = content
            self._keys, found = sift_keys(content, source=str(self._path))
            reasons = [str(fault) for fault in faults or found]
            tell = _log.error if reasons else _log.info
            tell("keys_changed", keys=len(self._keys.keys), faults=reasons)


def configured_keys(settings: Settings, clock: Clock) -> KeySource | None:
    """Where the settings say that keys come from; None: no keys, anyone is let in.

    Raises:
        InvalidData: lines that are not keys.
        KeysMissing: without keys the service may only be reached from this machine.
    """
    if settings.keys_file:
        return KeyFile(settings.keys_file, clock=clock)
    if settings.keys:
        keys = parse_keys(settings.keys.replace(";", "\n"), source="DEMARCHE_KEYS")
        return lambda: keys
    if not (settings.on_loopback or settings.insecure):
        raise KeysMissing(
            f"{settings.host} can be reached from other machines: make a key with "
            "python -m serve key NAME, or say DEMARCHE_INSECURE=true to let anyone in"
        )
    return None


def _read(path: Path) -> str:
    """Read a file of keys; bytes that are not UTF-8 become lines that are no keys."""
    try:
        content = _regular_bytes(path)
    except OSError as error:
        fault = Fault(str(path), 0, "file", "unreadable", str(error), "a readable file")
        raise InvalidData([fault]) from error
    return content.removeprefix(codecs.BOM_UTF8).decode("utf-8", "backslashreplace")


def _regular_bytes(path: Path) -> bytes:
    """Read a plain file of bounded size: a pipe or a device would hold up everything else."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it is no plain file")
        if status.st_size > _MAX_BYTES:
            raise OSError(f"it is over {_MAX_BYTES:,} bytes")
        return file.read(_MAX_BYTES)
