"""Commands about what is live; nothing is scored, and nothing heavy is imported."""

import argparse
from collections.abc import Callable
from datetime import datetime

from model.registry.history import whoami
from model.registry.registry import HISTORY, Registry
from model.registry.versions import Version, list_versions

Say = Callable[[str], None]


def models(options: argparse.Namespace, say: Say) -> None:
    """List every model with its state."""
    registry = Registry(options.models)
    say(f"{'version':<28}{'created':<18}{'macro-F1':>8}  {'state':<10} note")
    for version in list_versions(registry):
        say(_line(version))
    _tell_unreadable(registry, say)


def rollback(options: argparse.Namespace, say: Say) -> None:
    """Go back to the version before; the one left is blocked."""
    event = Registry(options.models).rollback(who=whoami(), why=options.reason)
    say(f"{event.after} is live again; {event.before} is blocked from promotion without --force")


def live(options: argparse.Namespace, say: Say) -> None:
    """Say what is live, or what was."""
    registry = Registry(options.models)
    if options.at is None:
        say(f"{registry.live_version()}  {registry.live()}")
    else:
        for moment, version in _lived(registry, *options.at):
            say(f"{moment:%Y-%m-%d %H:%M:%S} UTC  {version}")
    _tell_unreadable(registry, say)


def _lived(registry: Registry, since: datetime, until: datetime) -> list[tuple[datetime, str]]:
    """What was live at `since`, and whatever became so up to `until`."""
    moves = [event for event in registry.history().events if event.moves]
    later = [(event.at, event.after) for event in moves if since < event.at <= until]
    return [(since, registry.live_at(since)), *later]


def _line(version: Version) -> str:
    created = version.created[:16].replace("T", " ")
    macro = f"{100 * version.macro_f1:.1f}" if version.macro_f1 is not None else "-"
    line = f"{version.version:<28}{created:<18}{macro:>8}  {version.state:<10} {version.note}"
    return line.rstrip()


def _tell_unreadable(registry: Registry, say: Say) -> None:
    for number in registry.history().unreadable:
        say(f"{registry.models / HISTORY}:{number} is no event: its write was interrupted")
