"""Models over HTTP: the list, putting one into service, going back.

What happens is written to the registry, so that a restarted server and every other one that follows
the registry serve the same model.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from model.errors import ArtifactError, RegistryError
from model.registry.history import Action, Event, now
from model.registry.registry import Registry
from model.registry.versions import State, Version, list_versions
from serve.live.live import Live
from serve.refusals import NotActivated


class Activation:
    """Changes the live model of a registry and that of this service together.

    `registry` None: the service was started with one model and keeps it.
    """

    def __init__(self, live: Live, registry: Registry | None) -> None:
        self.live, self._registry = live, registry

    def versions(self) -> Sequence[Version]:
        """Every model of the registry, the newest first; reads the disk.

        None of a registry that cannot be read: why not, `live.refused` says.
        """
        try:
            return list_versions(self._registry) if self._registry else []
        except RegistryError:
            return []

    def find(self, version: str, who: str) -> tuple[Path, Event]:
        """Where a version is, and the event that will make it live; reads the disk.

        Raises:
            ArtifactMissing: there is none of that name.
            NotActivated: it was rolled back or the gate refused it, or nothing can be activated.
        """
        registry = self._known()
        folder = registry.find(version)
        known = {each.folder: each for each in list_versions(registry)}
        if (found := known.get(folder)) and _is_barred(found):
            raise NotActivated(
                f"{version} is not activated over HTTP ({found.note}); make promote can be told "
                "to take it all the same, with a reason"
            )
        version = found.version if found else version
        before, shipped = registry.live_version(), folder == registry.shipped
        why = "activated over HTTP"
        return folder, Event(now(), who, Action.PROMOTE, before, version, why, shipped)

    async def activate(self, folder: Path, event: Event) -> None:
        """Load, prove and swap; the registry is told before the first request gets the new one.

        Raises:
            Locked: another model has become live meanwhile.
            NotActivated: it cannot be loaded or recorded; what served before serves on.
        """
        registry = self._known()
        await self._switch(folder, commit=lambda: registry.record(event))

    async def roll_back(self, who: str) -> None:
        """Go back in the registry, then to the model that it names.

        Raises:
            NothingNew: there is nothing to go back to.
            NotActivated: it cannot be loaded; what served before serves on.
        """
        registry = self._known()
        event = await asyncio.to_thread(registry.rollback, who=who, why="rolled back over HTTP")
        await self._switch(registry.shipped if event.shipped else registry.find(event.after))

    async def _switch(self, folder: Path, commit: Callable[[], None] = lambda: None) -> None:
        try:
            await self.live.switch(folder, commit=commit)
        except (ArtifactError, OSError) as error:
            raise NotActivated(f"{folder.name} is not activated: {error}") from error

    def _known(self) -> Registry:
        if self._registry is None:
            raise NotActivated("this service was started with one model folder and keeps it")
        return self._registry


def _is_barred(version: Version) -> bool:
    refused = version.state is State.CANDIDATE and bool(version.note)
    return refused or version.state in (State.BLOCKED, State.DAMAGED)
