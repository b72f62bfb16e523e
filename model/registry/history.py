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
class RegistryEvent:
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
        """Say whether it changed which model is live."""
        return self.action is not Action.REFUSE

    def to_json(self) -> str:
        """Write one line of JSON."""
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
        unreadable: numbers of the lines that are not an event: what an interrupted write left.
    """

    events: tuple[RegistryEvent, ...]
    unreadable: tuple[int, ...] = ()

    def blocked(self) -> dict[str, RegistryEvent]:
        """Map versions that were rolled back, and not forced since, to that rollback."""
        blocked: dict[str, RegistryEvent] = {}
        for event in self.events:
            if event.action is Action.ROLLBACK:
                blocked[event.before] = event
            elif event.action is Action.FORCE:
                blocked.pop(event.after, None)
        return blocked

    def trail(self) -> list[str]:
        """List the versions that were live in turn, the live one last; rollback goes back."""
        trail: list[str] = []
        for event in (each for each in self.events if each.moves):
            trail = trail or [event.before]
            if event.action is Action.ROLLBACK and event.after in trail:
                trail = trail[: len(trail) - trail[::-1].index(event.after)]
            else:
                trail.append(event.after)
        return trail

    def live_at(self, moment: datetime) -> str | None:
        """Find the version that was live then; None if nothing was ever promoted."""
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


def parse_event(line: bytes) -> RegistryEvent:
    """Read one event.

    Raises:
        RegistryError: it is not one, whatever its bytes are.
    """
    try:
        row = json.loads(line)
        event = RegistryEvent(
            at=datetime.fromisoformat(row["at"]).astimezone(UTC),
            who=_text(row["who"]),
            action=Action(row["action"]),
            before=_text(row["from"]),
            after=_text(row["to"]),
            why=_text(row["why"]),
            shipped=bool(row["shipped"]),
            gate=tuple(row["gate"]),
        )
        event.to_json().encode()  # what is read can be written again
    # a time before the year 1 in UTC overflows, and brackets without an end exhaust the stack
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        reason = f"{str(error)[:200]}): {line[:60]!r}"
        raise RegistryError(f"not an event of the registry ({reason}") from error
    return event


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    value.encode()  # raises UnicodeEncodeError, a ValueError, for half a character
    return value


def now() -> datetime:
    """Give the time of an event that happens now."""
    return datetime.now(UTC)


def whoami() -> str:
    """Name the user and the machine, for the record."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user need not have a name
        user = f"uid {os.getuid()}"
    return f"{user}@{socket.gethostname()}"
