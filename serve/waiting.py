"""The windows that wait, in lines of one padded length.

Windows of one length make one batch without a score depending on who shares it
(model.text.tokens), and a batch that fills its budget costs least a token: whoever the oldest
window takes along is of its length, from any request.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from model.text.tokens import full_batch, padded_length
from serve.ticket import Piece, Step, Ticket


@dataclass
class _Place:
    """A request's windows of one length; `number` tells how old it is."""

    number: int
    ticket: Ticket
    rows: list[int]


class Waiting:
    """Not safe for concurrent calls. Requests that were answered meanwhile are passed over."""

    def __init__(self) -> None:
        self._numbers = count()
        self._lines: dict[tuple[int, int], deque[_Place]] = {}

    def join(self, ticket: Ticket) -> int:
        """Let a loaded request's windows wait; returns in how many lines they stand."""
        number = next(self._numbers)
        rows_of: dict[int, list[int]] = {}
        for row, window in enumerate(ticket.windows):
            rows_of.setdefault(padded_length(len(window)), []).append(row)
        for length, rows in rows_of.items():
            line = self._lines.setdefault((id(ticket.model), length), deque())
            line.append(_Place(number, ticket, rows))
        return len(rows_of)

    def take(self) -> Step | None:
        """Take the oldest window and others of its length and model, as many as make a batch."""
        while key := self._oldest():
            line = self._lines[key]
            model = line[0].ticket.model
            assert model is not None  # noqa: S101 - what waits was loaded
            # none, if the clients left just now: they do not wait for the lock of the line
            if pieces := list(_front(line, full_batch(key[1], model.token_budget))):
                return Step(model, pieces)
        return None

    def _oldest(self) -> tuple[int, int] | None:
        for key, line in list(self._lines.items()):
            while line and line[0].ticket.future.done():
                line.popleft()
            if not line:
                del self._lines[key]
        return min(self._lines, key=lambda key: self._lines[key][0].number, default=None)


def _front(line: deque[_Place], most: int) -> Iterator[Piece]:
    while line and most:
        place = line[0]
        rows, place.rows = place.rows[:most], place.rows[most:]
        if not place.rows:
            line.popleft()
        if not place.ticket.future.done():
            most -= len(rows)
            yield Piece(place.ticket, rows)
