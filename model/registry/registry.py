"""Which model is live: folders that never change, and one pointer file, replaced whole.

Layout of a registry, var/models: a folder a version; live.json, the event that made the live model
so; history.jsonl, every event. The pointer is written first and decides; an event that a killed
process left only there is part of the history all the same, and the next writer adds it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from model.artifact.folder import COMPLETE, MANIFEST, open_artifact
from model.artifact.manifest import Manifest, read_manifest
from model.durable import TEMPORARY_PREFIX, append_line, replace_text
from model.errors import ArtifactCorrupt, ArtifactError, ArtifactMissing, Locked, NothingNew
from model.registry.history import Action, Event, History, now, parse_event, read_history

MODELS, SHIPPED = Path("var/models"), Path("model/default")
LIVE, HISTORY = "live.json", "history.jsonl"
DEFAULT = "default"  # a name by which the shipped model can be asked for
_LOCK = ".registry.lock"
_LOCK_SECONDS = 10  # a write takes a tenth of one
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")


@dataclass(frozen=True)
class Registry:
    """The trained models of a folder, beside the one that comes with the software.

    Reading needs no lock and no write access, and neither folder needs to exist for it.
    """

    models: Path = MODELS
    shipped: Path = SHIPPED

    def live(self) -> Path:
        """The folder of the live model, not opened; the shipped one if none was promoted.

        Raises:
            ArtifactMissing: the live model's folder is gone; no other is taken in its place.
            RegistryError: live.json was changed by hand.
        """
        event = self._pointer()
        if event is None or event.shipped:
            return self.shipped
        folder = self.models / event.after
        if not (folder / COMPLETE).is_file():
            raise ArtifactMissing(
                f"{event.after} is live since {event.at:%Y-%m-%d %H:%M} UTC, but {folder} is not "
                "whole: copy it back, or go back to the version before with make rollback"
            )
        return folder

    def live_version(self) -> str:
        """The live model's version, also where its folder is gone."""
        event = self._pointer()
        if event is None or event.shipped:
            return read_folder(self.shipped).version
        return event.after

    def live_at(self, moment: datetime) -> str:
        """The version that was live then. Before the first promotion it was the shipped one."""
        return self.history().live_at(moment) or self.live_version()

    def history(self) -> History:
        """Every event, oldest first."""
        written, pointer = read_history(self.models / HISTORY), self._pointer()
        if pointer is None or pointer in written.events:
            return written
        return History((*written.events, pointer), written.unreadable)

    def find(self, version: str) -> Path:
        """The folder of a version, not opened.

        Raises:
            ArtifactMissing: there is none.
        """
        folder = self.models / version
        if _VERSION.fullmatch(version) and (folder / COMPLETE).is_file():
            return folder
        with suppress(ArtifactError):
            if version in (DEFAULT, read_folder(self.shipped).version):
                return self.shipped
        known = ", ".join(path.name for path in self.folders()) or "none"
        raise ArtifactMissing(
            f"there is no finished model {version!r} in {self.models}; there are: {known}"
        )

    def folders(self) -> list[Path]:
        """The folders of trained models, whole or damaged, by name."""
        if not self.models.is_dir():
            return []
        names = self.models.iterdir()
        return sorted(path for path in names if path.is_dir() and _VERSION.fullmatch(path.name))

    def record(self, event: Event) -> None:
        """Make a promotion take effect, or note a refusal; on the disk when it returns.

        Raises:
            Locked: the live model is no longer `event.before`, or a writer does not finish.
            ArtifactError: the model to be live is not whole.
        """
        with self._writing():
            live = self.live_version()
            if event.moves and event.before != live:
                raise Locked(
                    f"the live model has become {live} while {event.after} was compared with "
                    f"{event.before}: promote again"
                )
            self._write(event)

    def rollback(self, *, who: str, why: str) -> Event:
        """Go back to the last good version before the live one, which is blocked from now on.

        Raises:
            NothingNew: there is none.
            Locked: a writer does not finish.
        """
        with self._writing():
            live, target = self.live_version(), self._before_live()
            shipped = target == self.shipped
            event = Event(
                now(), who, Action.ROLLBACK, live, read_folder(target).version, why, shipped
            )
            self._write(event)
        return event

    def _before_live(self) -> Path:
        """Blocked and damaged versions are passed over; the shipped model is the last resort."""
        history, live = self.history(), self.live_version()
        for version in reversed(history.trail()):
            if version != live and version not in history.blocked():
                with suppress(ArtifactError):
                    return open_artifact(self.find(version)).folder
        if read_folder(self.shipped).version == live:
            raise NothingNew(f"{live} is live and no version before it can be gone back to")
        return self.shipped

    def _write(self, event: Event) -> None:
        written, pointer = read_history(self.models / HISTORY), self._pointer()
        if pointer and pointer not in written.events:
            append_line(self.models / HISTORY, pointer.to_json())
        if event.moves:
            held = open_artifact(self.find(event.after)).manifest.version
            if held != event.after:
                raise ArtifactCorrupt(f"the folder named {event.after} holds version {held}")
            replace_text(self.models / LIVE, event.to_json() + "\n")
        append_line(self.models / HISTORY, event.to_json())

    def _pointer(self) -> Event | None:
        try:
            return parse_event((self.models / LIVE).read_bytes())
        except FileNotFoundError:
            return None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self.models.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.models / _LOCK, timeout=_LOCK_SECONDS):
                for left in self.models.glob(f"{TEMPORARY_PREFIX}{LIVE}-*"):  # by a killed writer
                    left.unlink()
                yield
        except Timeout as error:
            raise Locked(
                f"somebody has been writing to {self.models} for {_LOCK_SECONDS} s: try again"
            ) from error


def read_folder(folder: Path) -> Manifest:
    """The manifest of a model folder, without verifying the rest.

    Raises:
        ArtifactError: it has none, or one of another format.
    """
    try:
        return read_manifest((folder / MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        raise ArtifactMissing(f"{folder} holds no finished model: no {MANIFEST} in it") from error
