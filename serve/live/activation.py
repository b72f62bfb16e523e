"""Models over HTTP: the list, putting one into service, going back.

What happens is written to the registry, so that a restarted server and every other one that follows
the registry serve the same model.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import structlog

from model.errors import ArtifactMissing, DemarcheError, Locked, NothingNew, RegistryError
from model.registry.history import Action, History, RegistryEvent, now
from model.registry.registry import Registry
from model.registry.versions import State, Version, list_versions
from serve.live.live import Live
from serve.refusals import NotActivated, Refusal

_REPORT = Path("report/index.html")

_log = structlog.stdlib.get_logger()


class Activation:
    """Changes the live model of a registry and that of this service together.

    `registry` None: the service was started with one model and keeps it.
    """

    def __init__(self, live: Live, registry: Registry | None) -> None:
        self.live, self._registry = live, registry

    def versions(self) -> Sequence[Version]:
        """List every model of the registry, the newest first; reads the disk.

        The list is empty if the registry cannot be read: `live.refused` says why not.
        """
        try:
            return list_versions(self._registry) if self._registry else []
        except (DemarcheError, OSError):
            return []

    def history(self) -> History:
        """Read what happened to the live model; reads the disk, empty as `versions` may be."""
        try:
            return self._registry.history() if self._registry else History(())
        except (DemarcheError, OSError):
            return History(())

    def report(self, version: str) -> str:
        """Read the page of figures of a version; reads the disk.

        Raises:
            ArtifactMissing: there is no such model, or it has no report.
        """
        served = self.live.folder if self.live.classifier.manifest.version == version else None
        folder = self._registry.find(version) if self._registry else served
        if folder is None:
            raise ArtifactMissing(f"there is no model {version!r} here")
        try:
            return (folder / _REPORT).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ArtifactMissing(f"{version} has no report") from error

    def find(self, version: str, who: str, why: str = "") -> tuple[Path, RegistryEvent]:
        """Find a version's folder, and make the event that will make it live; reads the disk.

        Raises:
            ArtifactMissing: there is none of that name.
            NotActivated: it was rolled back or the gate refused it, or nothing can be activated.
        """
        registry = self._known()
        with _told(f"{version} is not activated"):
            folder = registry.find(version)
            known = {each.folder: each for each in list_versions(registry)}
            before, shipped = registry.live_version(), folder == registry.shipped
        if (found := known.get(folder)) and _is_barred(found):
            raise NotActivated(
                f"{version} is not activated over HTTP ({found.note}); make promote can be told "
                "to take it all the same, with a reason"
            )
        version = found.version if found else version
        why = why or "activated over HTTP"
        return folder, RegistryEvent(now(), who, Action.PROMOTE, before, version, why, shipped)

    async def activate(self, folder: Path, event: RegistryEvent) -> None:
        """Load, prove and swap; the registry is told before the first request gets the new one.

        Raises:
            Locked: another model has become live meanwhile.
            NotActivated: it cannot be loaded or recorded; what served before serves on.
        """
        registry = self._known()

        def commit() -> None:
            if event.before != event.after:  # it may be live already, and this service behind
                registry.record(event)

        with _told(f"{event.after} is not activated"):
            await self.live.switch(folder, commit=commit)

    async def roll_back(self, who: str, why: str = "") -> None:
        """Load the model to go back to, and go back: in the registry, then here.

        Raises:
            NothingNew: there is nothing to go back to.
            NotActivated: it cannot be loaded or recorded; what served before serves on.
        """
        registry, why = self._known(), why or "rolled back over HTTP"
        with _told("the model is not rolled back"):
            event = await asyncio.to_thread(registry.plan_rollback, who=who, why=why)
            folder = registry.shipped if event.shipped else registry.find(event.after)
            await self.live.switch(folder, commit=lambda: registry.record(event))

    def _known(self) -> Registry:
        if self._registry is None:
            raise NotActivated("this service was started with one model folder and keeps it")
        return self._registry


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Turn whatever a candidate or the registry does wrong into a refusal that says it."""
    try:
        yield
    except (Locked, NothingNew, ArtifactMissing, Refusal):
        raise
    except RegistryError as error:  # it names folders, which are nobody else's business
        _log.error("registry_damaged", reason=str(error))
        raise NotActivated(
            f"{what}: the registry's live.json is damaged; make the last line of history.jsonl its "
            "content, or delete it to serve the shipped model"
        ) from error
    except Exception as error:  # a model that is loaded can fail in any way
        reason = str(error) if isinstance(error, DemarcheError | OSError) else type(error).__name__
        raise NotActivated(f"{what}: {reason}") from error


def _is_barred(version: Version) -> bool:
    refused = version.state is State.CANDIDATE and bool(version.note)
    return refused or version.state in (State.BLOCKED, State.DAMAGED)
