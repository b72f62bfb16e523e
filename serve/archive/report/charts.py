"""Figures as SVG: points with intervals, each a link to the sentences behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from data.agreement.bootstrap import Interval

_WIDTH, _HEIGHT, _LEFT, _BELOW, _ROW = 760, 220, 46, 34, 24
_LABELS = 12  # of a time axis, at most


@dataclass(frozen=True)
class Point:
    """One figure of a chart; `best` is None where it is withheld.

    Attributes:
        anchor: where the page shows the sentences behind it.
        note: what else to say where it is pointed at.
    """

    name: str
    anchor: str
    best: Interval | None
    labelled: Interval | None
    note: str


def over_time(points: Sequence[Point]) -> str:
    """Draw shares over time: a band of intervals, a line, and hollow points as labelled."""
    top = _top(points)
    step = (_WIDTH - _LEFT - 12) / max(1, len(points))
    spots = [(_LEFT + step * (i + 0.5), point) for i, point in enumerate(points)]

    def y(share: float) -> float:
        return 8 + (_HEIGHT - 8 - _BELOW) * (1 - share / top)

    parts = [_scale(y, top)]
    for run in _runs(spots):
        upper = " ".join(f"{x:.1f},{y(b.high):.1f}" for x, b in run)
        lower = " ".join(f"{x:.1f},{y(b.low):.1f}" for x, b in reversed(run))
        line = " ".join(f"{x:.1f},{y(b.value):.1f}" for x, b in run)
        parts.append(f'<polygon class="band" points="{upper} {lower}"/>')
        parts.append(f'<polyline class="line" points="{line}"/>')
    every = -(-len(points) // _LABELS)
    for i, (x, point) in enumerate(spots):
        if point.best:
            parts.append(_marks(point, x, y(point.best.value), x, _labelled_at(point, y)))
        else:
            parts.append(_withheld(point, x, y(0) - 4))
        if i % every == 0:
            text = escape(point.name)
            parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - 14}" text-anchor="middle">{text}</text>')
    return _svg(_HEIGHT, parts)


def by_group(points: Sequence[Point]) -> str:
    """Draw a row a group: its share with the interval, and a hollow point as labelled."""
    top, height = _top(points), _ROW * len(points) + 30
    left = 200

    def x(share: float) -> float:
        return left + (_WIDTH - left - 20) * share / top

    parts = []
    for share in (0.0, top / 2, top):
        parts.append(
            f'<line class="grid" x1="{x(share):.1f}" x2="{x(share):.1f}" y1="4" '
            f'y2="{height - 24}"/>'
        )
        parts.append(
            f'<text x="{x(share):.1f}" y="{height - 8}" text-anchor="middle">{share:.0%}</text>'
        )
    for i, point in enumerate(points):
        middle = 16 + _ROW * i
        name = escape(point.name if len(point.name) < 28 else point.name[:27] + "…")
        parts.append(f'<text x="{left - 10}" y="{middle + 4}" text-anchor="end">{name}</text>')
        if not point.best:
            parts.append(_withheld(point, x(0) + 6, middle + 4, "start"))
            continue
        low, high = x(point.best.low), x(point.best.high)
        parts.append(
            f'<line class="line" x1="{low:.1f}" x2="{high:.1f}" y1="{middle}" y2="{middle}"/>'
        )
        at = x(point.labelled.value) if point.labelled else None
        parts.append(_marks(point, x(point.best.value), middle, at, middle))
    return _svg(height, parts)


def _marks(point: Point, x: float, y: float, hollow_x: float | None, hollow_y: float | None) -> str:
    title = f"{point.name}: {point.best}; {point.note}"
    hollow = ""
    if hollow_x is not None and hollow_y is not None:
        hollow = f'<circle class="hollow" cx="{hollow_x:.1f}" cy="{hollow_y:.1f}" r="3"/>'
    return (
        f'<a href="#{point.anchor}">{hollow}<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4">'
        f"<title>{escape(title)}</title></circle></a>"
    )


def _withheld(point: Point, x: float, y: float, anchor: str = "middle") -> str:
    title = escape(f"{point.name}: {point.note}")
    return (
        f'<a href="#{point.anchor}"><text class="thin" x="{x:.1f}" y="{y:.1f}" '
        f'text-anchor="{anchor}">–<title>{title}</title></text></a>'
    )


def _labelled_at(point: Point, y: Callable[[float], float]) -> float | None:
    return y(point.labelled.value) if point.labelled else None


def _runs(spots: Sequence[tuple[float, Point]]) -> list[list[tuple[float, Interval]]]:
    """Stretches without a figure that is withheld: no line is drawn over what is not known."""
    runs: list[list[tuple[float, Interval]]] = [[]]
    for x, point in spots:
        if point.best:
            runs[-1].append((x, point.best))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _top(points: Sequence[Point]) -> float:
    shown = [i for point in points for i in (point.best, point.labelled) if i and i.defined]
    high = max((each.high for each in shown), default=1.0)
    return next(top for top in (0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0) if high <= top or top == 1)


def _scale(y: Callable[[float], float], top: float) -> str:
    lines = []
    for share in (0.0, top / 2, top):
        at = y(share)
        lines.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH}" y1="{at:.1f}" y2="{at:.1f}"/>')
        lines.append(f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{share:.1%}</text>')
    return "".join(lines)


def _svg(height: int, parts: Sequence[str]) -> str:
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img">{"".join(parts)}</svg>'
