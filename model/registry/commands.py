"""Commands about which model is live: list the models, ask what was live, go back."""

import argparse
from datetime import UTC, datetime, timedelta

from model.command_line import say
from model.registry.history import whoami
from model.registry.registry import HISTORY, Registry
from model.registry.versions import Version, list_versions


def list_models(options: argparse.Namespace) -> None:
    """List every model with its state, the newest first."""
    registry = Registry(options.models)
    say(f"{'version':<28}{'created':<18}{'macro-F1':>8}  {'state':<10} note")
    for version in list_versions(registry):
        say(_line(version))
    _tell_unreadable(registry)


def show_live(options: argparse.Namespace) -> None:
    """Say what is live, or what was live at a time or became so on a day."""
    registry = Registry(options.models)
    if options.at is None:
        say(f"{registry.live_version()}  {registry.live()}")
    else:
        for moment, version in _live_between(registry, *options.at):
            say(f"{moment:%Y-%m-%d %H:%M:%S} UTC  {version}")
    _tell_unreadable(registry)


def roll_back(options: argparse.Namespace) -> None:
    """Go back to the version that was live before, and block the one that is live now."""
    event = Registry(options.models).rollback(who=whoami(), why=options.reason)
    say(f"{event.after} is live again; {event.before} is blocked from promotion without --force")


def moment_or_day(text: str) -> tuple[datetime, datetime]:
    """Parse a time, returned twice, or a date, as its first and last moment; UTC without offset.

    Raises:
        argparse.ArgumentTypeError: it is neither, or is in the future.
    """
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date or time in ISO 8601") from error
    since = parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    if since > datetime.now(UTC):
        raise argparse.ArgumentTypeError(f"{text} is in the future")
    is_date = len(text) == len("2026-01-31") and "T" not in text
    return since, since + timedelta(days=1, microseconds=-1) if is_date else since


def _live_between(
    registry: Registry, since: datetime, until: datetime
) -> list[tuple[datetime, str]]:
    """Return what was live at `since`, then whatever became live up to `until`."""
    moves = [event for event in registry.history().events if event.moves]
    later = [(event.at, event.after) for event in moves if since < event.at <= until]
    return [(since, registry.live_at(since)), *later]


def _line(version: Version) -> str:
    created = version.created[:16].replace("T", " ")
    macro = f"{100 * version.macro_f1:.1f}" if version.macro_f1 is not None else "-"
    line = f"{version.version:<28}{created:<18}{macro:>8}  {version.state:<10} {version.note}"
    return line.rstrip()


def _tell_unreadable(registry: Registry) -> None:
    for number in registry.history().unreadable:
        say(f"{registry.models / HISTORY}:{number} is not an event: its write was interrupted")
