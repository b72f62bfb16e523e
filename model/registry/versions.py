"""The models of a registry as a list: what each is, and what became of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from model.errors import ArtifactError
from model.registry.history import Action, History, RegistryEvent
from model.registry.reading import read_folder
from model.registry.registry import Registry


class State(StrEnum):
    """What a model is to the registry."""

    LIVE = "live"
    PREVIOUS = "previous"  # it was live
    BLOCKED = "blocked"  # it was rolled back: only force brings it back
    CANDIDATE = "candidate"  # it was never live
    DAMAGED = "damaged"  # its folder is not whole


@dataclass(frozen=True)
class Version:
    """One model of a registry.

    Attributes:
        created: when its training began, as ISO 8601; empty if it does not say.
        macro_f1: what its own training run measured, on the test part of that time.
        note: why it is blocked, was refused or is damaged.
        interval: low and high of macro_f1, if the run measured them.
    """

    version: str
    folder: Path
    created: str
    macro_f1: float | None
    state: State
    note: str = ""
    interval: tuple[float, float] | None = None


def list_versions(registry: Registry) -> list[Version]:
    """List every model, the shipped one too, the newest first.

    A folder that cannot be read is in the list as damaged, and harms no other.
    """
    history, live = registry.history(), registry.live_version()
    shipped = _describe(registry.shipped, history, live)
    trained = [
        each if each.version == each.folder.name else _misnamed(each)
        for each in (_describe(folder, history, live) for folder in registry.folders())
    ]
    if shipped.version not in {each.version for each in trained}:
        trained.append(shipped)
    return sorted(trained, key=lambda each: (each.created, each.version), reverse=True)


def newest_candidate(registry: Registry) -> Version | None:
    """Find the newest model that was never live, if it is newer than the live one."""
    versions = list_versions(registry)
    live = [each.created for each in versions if each.state is State.LIVE]
    candidates = [each for each in versions if each.state is State.CANDIDATE]
    newer = [each for each in candidates if not live or each.created > live[0]]
    return newer[0] if newer else None


def _describe(folder: Path, history: History, live: str) -> Version:
    try:
        manifest = read_folder(folder)
        created, macro_f1 = _created(manifest.provenance), _macro_f1(manifest.metrics)
        interval = _interval(manifest.metrics)
    # a manifest that is JSON may still hold anything in the place of a number, a time or a table
    except (ArtifactError, ValueError, TypeError, AttributeError, OverflowError) as error:
        return Version(folder.name, folder, "", None, State.DAMAGED, _printable(str(error)))
    state, note = _state(manifest.version, history, live)
    return Version(manifest.version, folder, created, macro_f1, state, note, interval)


def _created(provenance: Mapping[str, object]) -> str:
    started = provenance.get("started", "")
    if started:
        datetime.fromisoformat(str(started)).astimezone(UTC)
    return str(started)


def _misnamed(version: Version) -> Version:
    note = _printable(f"its folder holds version {version.version}")
    return replace(version, version=version.folder.name, state=State.DAMAGED, note=note)


def _state(version: str, history: History, live: str) -> tuple[State, str]:
    moves = [event for event in history.events if event.moves]
    blocked = history.blocked().get(version)
    if version == live:
        return State.LIVE, _noted("since", moves[-1]) if moves else "it ships with the software"
    if blocked:
        return State.BLOCKED, _noted("rolled back", blocked)
    if any(version in (event.before, event.after) for event in moves):
        return State.PREVIOUS, ""
    refusals = [
        each for each in history.events if each.action is Action.REFUSE and each.after == version
    ]
    return State.CANDIDATE, _noted("refused", refusals[-1]) if refusals else ""


def _noted(what: str, event: RegistryEvent) -> str:
    why = f": {event.why}" if event.why else ""
    return f"{what} {event.at:%Y-%m-%d %H:%M} UTC by {event.who}{why}"


def _macro_f1(metrics: Mapping[str, object]) -> float | None:
    macro = metrics.get("macro_f1")
    if not isinstance(macro, dict) or "value" not in macro:
        return None
    value = float(macro["value"])
    if not math.isfinite(value):
        raise ValueError(f"its macro F1 is {value}, which is not a number")
    return value


def _interval(metrics: Mapping[str, object]) -> tuple[float, float] | None:
    macro = metrics.get("macro_f1")
    if not isinstance(macro, dict) or not {"low", "high"} <= set(macro):
        return None
    low, high = float(macro["low"]), float(macro["high"])
    return (low, high) if math.isfinite(low) and math.isfinite(high) else None


def _printable(note: str) -> str:
    return note[:300].encode("utf-8", "backslashreplace").decode()
