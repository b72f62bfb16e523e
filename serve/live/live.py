"""Which model answers now, and how another takes its place while requests run.

A candidate is loaded beside the model in service, gives its golden scores and is warmed up; then
one assignment makes it the one that new requests get. A request keeps the model it began with, and
steps of the engine hold one model, so that the swap falls between steps and no answer mixes two.
The old model is freed with the last request that holds it.
"""

import asyncio
import errno
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import structlog

from model.artifact.folder import COMPLETE
from serve.scoring.job import Classifier

_EVERY_SECONDS = 1.0
_PASSING = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)

_log = structlog.stdlib.get_logger()


class Pointer(Protocol):
    """What knows which model should be live; model.registry.Registry does."""

    def live(self) -> Path:
        """The folder of the model that should be live."""
        ...


@dataclass(frozen=True)
class Refused:
    """A candidate that was not taken, and why; the model before it serves on."""

    version: str
    reason: str
    at: datetime


class Live:
    """The model in service. Used on the event loop; `opener` runs in a thread.

    `on_swap` is told after each attempt whether it was a success.

    Args:
        opener: from a folder to a verified, proven, warmed-up model; raises if it cannot be had.
        folder: where `classifier` came from.
    """

    def __init__(
        self,
        classifier: Classifier,
        *,
        opener: Callable[[Path], Classifier],
        folder: Path | None = None,
    ) -> None:
        self.classifier = classifier
        self.folder = folder
        self.refused: Refused | None = None
        self.on_swap: Callable[[bool], None] = lambda _: None
        self._open = opener
        self._one_at_a_time = asyncio.Lock()

    async def switch(self, folder: Path, *, commit: Callable[[], object] = lambda: None) -> None:
        """Put a folder's model into service; `commit` runs when it is proven and not yet serving.

        Of the folder that serves already, only `commit` is needed. Whatever `opener` or `commit`
        raises is raised, and nothing has changed.
        """
        async with self._one_at_a_time:
            if folder == self.folder:
                await asyncio.to_thread(commit)
                return
            try:
                classifier = await asyncio.to_thread(self._open, folder)
                await asyncio.to_thread(commit)
            except Exception as error:
                if not passes(error):
                    self.refuse(folder.name, error)
                raise
            self.classifier, self.folder, self.refused = classifier, folder, None
            self.on_swap(True)
            _log.info("model_swapped", version=classifier.manifest.version)

    def refuse(self, version: str, error: Exception) -> None:
        """Remember why a candidate is not taken, for all to see."""
        self.refused = Refused(version, str(error), datetime.now(UTC))
        self.on_swap(False)
        _log.error("model_refused", version=version, reason=str(error))


class Follower:
    """Switches to what the pointer names, once a second, trying each candidate once."""

    def __init__(self, live: Live, pointer: Pointer) -> None:
        self._live, self._pointer = live, pointer
        self._tried: object = None
        self._unreadable: int | None = None  # the error that was last told

    async def look(self) -> None:
        """Compare the pointer with what serves; a candidate that fails leaves all as it was."""
        try:
            folder = await asyncio.to_thread(self._pointer.live)
        except OSError as error:  # too many open files, a disk that is away: no model's fault
            self._say_unreadable(error)
            return
        except Exception as error:  # noqa: BLE001 - a broken pointer must not end the following
            if self._tried != (tried := repr(error)):
                self._tried = tried
                self._live.refuse("", error)
            return
        if folder == self._live.folder:
            if self._tried is not None:  # what was refused is no longer asked for
                self._tried = self._live.refused = None
        elif self._tried != (mark := await asyncio.to_thread(_mark, folder)):
            self._tried = mark
            await self._try(folder)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(_EVERY_SECONDS)

    async def _try(self, folder: Path) -> None:
        try:
            await self._live.switch(folder)
        except Exception as error:  # noqa: BLE001 - the model before it serves on, see Live.refused
            if isinstance(error, OSError) and passes(error):
                self._tried = None  # the folder is tried again at the next look
                self._say_unreadable(error)
                return
            _log.warning("pointer_not_followed", error=type(error).__name__)

    def _say_unreadable(self, error: OSError) -> None:
        if self._unreadable != error.errno:
            self._unreadable = error.errno
            _log.warning("registry_unreadable", reason=str(error))


def passes(error: Exception) -> bool:
    """Say whether an error tells nothing of a model: no memory, too many open files."""
    return isinstance(error, OSError) and error.errno in _PASSING


def _mark(folder: Path) -> tuple[object, ...]:
    """Changes when a folder that was refused is copied anew."""
    try:
        status = (folder / COMPLETE).stat()
    except OSError:
        return (folder,)
    return folder, status.st_ino, status.st_mtime_ns
