"""Which model is live: folders that never change, and one pointer file, replaced whole.

Layout of a registry, var/models: a folder a version; live.json, the event that made the live model
so; history.jsonl, every event. The pointer is written first and decides; an event that a killed
process left only there is part of the history all the same, and the next writer adds it. A write
that fails, for lack of space or for any other reason, puts the pointer back before it is told.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from model.artifact.folder import COMPLETE, open_artifact
from model.durable import TEMPORARY_PREFIX, append_line, kept, replace_text
from model.errors import (
    ArtifactCorrupt,
    ArtifactError,
    ArtifactMissing,
    Locked,
    NothingNew,
)
from model.registry.history import Action, History, RegistryEvent, now, read_history
from model.registry.reading import VERSION, read_folder, read_pointer

MODELS, SHIPPED = Path("var/models"), Path("model/default")
LIVE, HISTORY = "live.json", "history.jsonl"
DEFAULT = "default"  # a name by which the shipped model can be asked for
_LOCK = ".registry.lock"
_LOCK_SECONDS = 10  # a write takes a tenth of one


@dataclass(frozen=True)
class Registry:
    """The trained models of a folder, beside the one that comes with the software.

    Reading needs no lock and no write access, and neither folder needs to exist for it.
    """

    models: Path = MODELS
    shipped: Path = SHIPPED

    def live(self) -> Path:
        """Find the folder of the live model, not opened; the shipped one if none was promoted.

        Raises:
            ArtifactMissing: the live model's folder is gone; no other is taken in its place.
            RegistryError: live.json was damaged or changed by hand.
            OSError: it cannot be read just now.
        """
        event = read_pointer(self.models / LIVE)
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
        """Name the live model's version, also where its folder is gone."""
        event = read_pointer(self.models / LIVE)
        if event is None or event.shipped:
            return read_folder(self.shipped).version
        return event.after

    def live_at(self, moment: datetime) -> str:
        """Name the version that was live then: before the first promotion, the shipped one."""
        return self.history().live_at(moment) or self.live_version()

    def history(self) -> History:
        """Read every event, oldest first."""
        written, pointer = read_history(self.models / HISTORY), read_pointer(self.models / LIVE)
        if pointer is None or pointer in written.events:
            return written
        return History((*written.events, pointer), written.unreadable)

    def find(self, version: str) -> Path:
        """Find the folder of a version, not opened.

        Raises:
            ArtifactMissing: there is none.
        """
        folder = self.models / version
        if VERSION.fullmatch(version) and (folder / COMPLETE).is_file():
            return folder
        with suppress(ArtifactError):
            if version in (DEFAULT, read_folder(self.shipped).version):
                return self.shipped
        known = ", ".join(path.name for path in self.folders()) or "none"
        raise ArtifactMissing(
            f"there is no finished model {version!r} in {self.models}; there are: {known}"
        )

    def folders(self) -> list[Path]:
        """List the folders of trained models, whole or damaged, by name."""
        if not self.models.is_dir():
            return []
        names = self.models.iterdir()
        return sorted(path for path in names if path.is_dir() and VERSION.fullmatch(path.name))

    def record(self, event: RegistryEvent) -> None:
        """Make a promotion or rollback take effect, or note a refusal.

        All of it is on the disk when this returns; nothing has changed when it raises.

        Raises:
            Locked: the live model is no longer `event.before`, or a writer does not finish.
            ArtifactError: the model to be live is not whole.
            OSError: it cannot be written, for example on a full disk.
        """
        with self._writing():
            live = self.live_version()
            if event.moves and event.before != live:
                raise Locked(
                    f"the live model has become {live} while {event.after} was to follow "
                    f"{event.before}: try again"
                )
            self._write(event)

    def rollback(self, *, who: str, why: str) -> RegistryEvent:
        """Go back to the last good version before the live one, which is blocked from now on.

        Raises:
            NothingNew: there is none.
            Locked: a writer does not finish.
        """
        with self._writing():
            event = self.plan_rollback(who=who, why=why)
            self._write(event)
        return event

    def plan_rollback(self, *, who: str, why: str) -> RegistryEvent:
        """Make the event of a rollback, which `record` makes take effect.

        Raises:
            NothingNew: there is nothing to go back to.
        """
        live, target = self.live_version(), self._before_live()
        after, shipped = read_folder(target).version, target == self.shipped
        return RegistryEvent(now(), who, Action.ROLLBACK, live, after, why, shipped)

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

    def _write(self, event: RegistryEvent) -> None:
        written, pointer = read_history(self.models / HISTORY), read_pointer(self.models / LIVE)
        if pointer and pointer not in written.events:
            append_line(self.models / HISTORY, pointer.to_json())
        if not event.moves:
            append_line(self.models / HISTORY, event.to_json())
            return
        held = open_artifact(self.find(event.after)).manifest.version
        if held != event.after:
            raise ArtifactCorrupt(f"the folder named {event.after} holds version {held}")
        with kept(self.models / LIVE):
            replace_text(self.models / LIVE, event.to_json() + "\n")
            append_line(self.models / HISTORY, event.to_json())

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
