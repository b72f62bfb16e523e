"""What happened to the live model: one event a line, only ever added to."""

import getpass
import json
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from model.errors import RegistryError


class Action(StrEnum):
    """What an event did; a refusal alone leaves the live model as it was."""

    PROMOTE = "promote"
    FORCE = "force"  # a promotion that the gate, or an earlier rollback, was against
    ROLLBACK = "rollback"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Event:
    """One promotion, rollback or refusal.

    Attributes:
        at: when, in UTC.
        who: user and machine, or what the caller says.
        before: the version that was live.
        after: the version that became live, or was refused.
        shipped: whether `after` is the model that comes with the software.
        gate: the verdicts of the gate, as JSON can hold them; none for a rollback.
    """

    at: datetime
    who: str
    action: Action
    before: str
    after: str
    why: str
    shipped: bool = False
    gate: Sequence[Mapping[str, Any]] = ()

    @property
    def moves(self) -> bool:
        """Whether it changed which model is live."""
        return self.action is not Action.REFUSE

    def to_json(self) -> str:
        """One line of JSON."""
        row = {
            "at": self.at.isoformat(),
            "who": self.who,
            "action": self.action,
            "from": self.before,
            "to": self.after,
            "why": self.why,
            "shipped": self.shipped,
            "gate": list(self.gate),
        }
        return json.dumps(row, ensure_ascii=False)


@dataclass(frozen=True)
class History:
    """All events, oldest first.

    Attributes:
        unreadable: numbers of the lines that are no event: what an interrupted write left.
    """

    events: tuple[Event, ...]
    unreadable: tuple[int, ...] = ()

    def blocked(self) -> dict[str, Event]:
        """Versions that were rolled back, each with that rollback, and not forced since."""
        blocked: dict[str, Event] = {}
        for event in self.events:
            if event.action is Action.ROLLBACK:
                blocked[event.before] = event
            elif event.action is Action.FORCE:
                blocked.pop(event.after, None)
        return blocked

    def trail(self) -> list[str]:
        """The versions one came by to the live one, which is last: rollback goes back along it."""
        trail: list[str] = []
        for event in (each for each in self.events if each.moves):
            trail = trail or [event.before]
            if event.action is Action.ROLLBACK and event.after in trail:
                trail = trail[: len(trail) - trail[::-1].index(event.after)]
            else:
                trail.append(event.after)
        return trail

    def live_at(self, moment: datetime) -> str | None:
        """The version that was live then; None if nothing was ever promoted."""
        moves = [event for event in self.events if event.moves]
        until = [event.after for event in moves if event.at <= moment]
        return until[-1] if until else moves[0].before if moves else None


def read_history(path: Path) -> History:
    """Read every event that is whole; an absent file is an empty history."""
    content = path.read_bytes() if path.exists() else b""
    events, unreadable = [], []
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            events.append(parse_event(line))
        except RegistryError:
            unreadable.append(number)
    return History(tuple(events), tuple(unreadable))


def parse_event(line: bytes) -> Event:
    """Read one event.

    Raises:
        RegistryError: it is not one.
    """
    try:
        row = json.loads(line)
        return Event(
            at=datetime.fromisoformat(row["at"]).astimezone(UTC),
            who=row["who"],
            action=Action(row["action"]),
            before=row["from"],
            after=row["to"],
            why=row["why"],
            shipped=row["shipped"],
            gate=tuple(row["gate"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise RegistryError(f"not an event of the registry ({error}): {line[:60]!r}") from error


def now() -> datetime:
    """The time of an event."""
    return datetime.now(UTC)


def whoami() -> str:
    """User and machine, for the record."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user need not have a name
        user = f"uid {os.getuid()}"
    return f"{user}@{socket.gethostname()}"
