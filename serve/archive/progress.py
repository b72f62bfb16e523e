"""Progress for people: a bar on a terminal, a line a minute elsewhere."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self, TextIO

from tqdm import tqdm

from model.command_line import say
from serve.archive.inputs.sources import Source
from serve.archive.parts import Place

_SECONDS_A_LINE = 60.0


@dataclass(frozen=True)
class FinishedPart:
    """A part that is finished: where it ends, how much of that file was read, its counts."""

    number: int
    end: Place
    share: float
    counts: Mapping[str, int]


class Progress(Protocol):
    """What a run tells of itself."""

    def begin(self, sources: Sequence[Source], start: Place) -> None:
        """The input is known, and where it goes on."""
        ...

    def advance(self, part: FinishedPart) -> None:
        """A part is finished."""
        ...


class ShownProgress:
    """Shows bytes of input, sentences a second, rejects and the time that is left."""

    def __init__(
        self, stream: TextIO = sys.stderr, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream, self._clock = stream, clock
        self._before: list[int] = [0]
        self._bar: tqdm[None] | None = None
        self._sentences = self._rejects = 0
        self._began = self._said = 0.0
        self._first = self._at = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def begin(self, sources: Sequence[Source], start: Place) -> None:
        """See Progress."""
        sizes = [max(0, source.size) for source in sources]
        self._before = [0]
        for size in sizes:
            self._before.append(self._before[-1] + size)
        self._began = self._said = self._clock()
        self._first = self._at = self._place(start, 0.0)
        if self._stream.isatty():
            total = self._before[-1]
            self._bar = tqdm(
                total=total, initial=int(self._at), unit="B", unit_scale=True, file=self._stream
            )

    def advance(self, part: FinishedPart) -> None:
        """See Progress."""
        now, place = self._clock(), self._place(part.end, part.share)
        self._sentences += part.counts["rows"]
        self._rejects += part.counts["rejects"]
        rate = self._sentences / max(1e-9, now - self._began)
        if self._bar is not None:
            rejects = f", {self._rejects:,} rejects" if self._rejects else ""
            self._bar.set_postfix_str(f"{rate:,.0f} sentences/s{rejects}", refresh=False)
            self._bar.update(int(place) - int(self._at))
        elif now - self._said >= _SECONDS_A_LINE:
            self._said = now
            say(self._line(now, place, rate), stream=self._stream)
        self._at = place

    def _line(self, now: float, place: float, rate: float) -> str:
        total = self._before[-1]
        done = place - self._first
        left = (total - place) * (now - self._began) / done if done else 0.0
        return (
            f"{place / max(1, total):.1%} of {total:,} bytes, {self._sentences:,} sentences now, "
            f"{rate:,.0f} sentences/s, {self._rejects:,} rejects, {left / 60:,.0f} min left"
        )

    def _place(self, end: Place, share: float) -> float:
        file = end.file
        if file + 1 >= len(self._before):
            return self._before[-1]
        return self._before[file] + share * (self._before[file + 1] - self._before[file])
