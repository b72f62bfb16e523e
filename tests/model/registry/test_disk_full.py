"""A promotion is all or nothing, whichever of its writes fails."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from model.registry.history import Action, RegistryEvent, now
from model.registry.registry import HISTORY, LIVE, Registry
from tests.model.registry.test_registry import make_model

# a rename over a name that exists takes no space: it can fail, but not because the disk is full
TAKING_SPACE = ("write", "fsync", "link", "open")
CALLS = (*TAKING_SPACE, "replace", "rename")


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    made = Registry(tmp_path / "models", tmp_path / "default")
    make_model(made.shipped, "s", hour=0)
    for hour, version in enumerate("ab", 1):
        make_model(made.models / version, version, hour=hour)
    return made


def promote(registry: Registry, version: str) -> None:
    event = RegistryEvent(now(), "anna", Action.PROMOTE, registry.live_version(), version, "")
    registry.record(event)


class Disk:
    """Counts calls that change the disk, and lets the nth fail; `full`: those after it, too."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, nth: int, full: bool) -> None:
        self.names: list[str] = []
        self._nth, self._full = nth, full
        for name in CALLS:
            monkeypatch.setattr(os, name, self._counting(getattr(os, name), name))

    @property
    def failed(self) -> bool:
        return len(self.names) >= self._nth

    def _counting(self, call: Callable[..., object], name: str) -> Callable[..., object]:
        def counted(*args: object, **kwargs: object) -> object:
            if name == "open" and not (isinstance(args[1], int) and args[1] & os.O_CREAT):
                return call(*args, **kwargs)
            self.names.append(name)
            later = self._full and name in TAKING_SPACE and len(self.names) > self._nth
            if later or len(self.names) == self._nth:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return call(*args, **kwargs)

        return counted


def state(registry: Registry) -> tuple[object, ...]:
    events = [(event.action, event.after) for event in registry.history().events]
    return registry.live_version(), events, registry.history().unreadable


@pytest.mark.parametrize("act", ["first", "later", "rollback"])
@pytest.mark.parametrize("full", [False, True], ids=["one call fails", "the disk is full"])
def test_each_write_that_fails_leaves_all_as_it_was(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, full: bool, act: str
):
    if act != "first":
        promote(registry, "a")
    before, nth, failed = state(registry), 0, True
    while failed:
        nth += 1
        with monkeypatch.context() as patched:
            disk = Disk(patched, nth=nth, full=full)
            done = changed(registry, act)
        failed = disk.failed
        if failed and not done:
            assert state(registry) == before, disk.names
        elif failed:  # it did without the call that failed: then all of it is done
            assert_done(registry, before)
            back = str(before[0])
            event = RegistryEvent(now(), "anna", Action.FORCE, registry.live_version(), back, "")
            registry.record(event)
            before = state(registry)
    assert nth > 5, "the calls are counted"
    assert_done(registry, before)


def changed(registry: Registry, act: str) -> bool:
    try:
        if act == "rollback":
            registry.rollback(who="anna", why="")
        else:
            event = RegistryEvent(now(), "anna", Action.FORCE, registry.live_version(), "b", "")
            registry.record(event)
    except OSError:
        return False
    return True


def assert_done(registry: Registry, before: tuple[object, ...]) -> None:
    assert state(registry)[0] != before[0]
    assert (registry.models / LIVE).read_text() in (registry.models / HISTORY).read_text()
    assert not list(registry.models.glob(".tmp-*"))
