"""The report as a page that needs nothing else, and its figures as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from data.agreement.bootstrap import Interval
from model.stance import STANCES
from serve.archive.report.charts import Point, by_group, over_time
from serve.archive.report.drift import Sign
from serve.archive.report.figures import LEAST_DOCUMENTS, Figure
from serve.archive.report.gather import Examples
from serve.archive.report.labelled import Cell, Sample
from serve.archive.report.times import NO_DATE

_OMITS_TIME = (
    "Not shown: who stopped or began to publish. A share may change because other documents are in "
    "the archive, and no one has changed their stance."
)
_OMITS_GROUP = (
    "Not shown: when, and on what. Groups that speak of other things in other registers differ for "
    "that alone, and the correction uses the same error rates for all of them."
)
_EXAMPLES = 8


@dataclass(frozen=True)
class Report:
    """All that a page shows."""

    name: str
    version: str
    period: str | None
    figures: Mapping[Cell, Figure]
    examples: Examples
    signs: Sequence[Sign]
    sample: Sample
    duplicates: str

    def groups(self) -> list[str]:
        """Groups by size, those that stand for several or none last."""
        found = [f for (g, t), f in self.figures.items() if g is not None and t is None]
        return [str(f.cell[0]) for f in sorted(found, key=lambda f: (-f.documents, str(f.cell[0])))]

    def times(self) -> list[str]:
        """Times in order; what has no date comes last."""
        names = {t for g, t in self.figures if g is None and t is not None}
        return sorted(names, key=lambda name: (name == NO_DATE, name))


def render(report: Report) -> str:
    """Write the page."""
    loader = FileSystemLoader(Path(__file__).parent)
    pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    pages.filters["percent"] = percent
    pages.filters["thousands"] = lambda number: f"{number:,}"
    anchors = {cell: f"f{number}" for number, cell in enumerate(sorted(report.figures, key=str))}
    return pages.get_template("report.html.jinja").render(
        name=report.name,
        version=report.version,
        period=report.period,
        whole=report.figures[(None, None)],
        warnings=[each for each in report.signs if each.differs],
        signs=report.signs,
        sample=report.sample,
        duplicates=report.duplicates,
        anchors=anchors,
        least=LEAST_DOCUMENTS,
        most=_EXAMPLES,
        charts=list(_charts(report, anchors)),
        crossed=_crossed(report, anchors),
        times=report.times(),
        behind=[_behind(report, cell, anchors) for cell in _in_order(report)],
    )


def percent(interval: Interval | None) -> str:
    """A share and its interval, in per cent."""
    if interval is None or not interval.defined:
        return "–"
    return f"{interval.value:.1%} ({100 * interval.low:.1f}-{100 * interval.high:.1f})"


def as_json(report: Report) -> dict[str, Any]:
    """The figures, for programs."""
    return {
        "model": report.version,
        "period": report.period,
        "signs": [vars(each) for each in report.signs],
        "figures": [
            {
                "group": figure.cell[0],
                "time": figure.cell[1],
                "documents": figure.documents,
                "repeats": figure.repeats,
                "sentences": figure.sentences,
                "shares": {
                    stance: {
                        name: None if each is None else [each.value, each.low, each.high]
                        for name, each in vars(share).items()
                    }
                    for stance, share in figure.shares.items()
                },
            }
            for figure in (report.figures[cell] for cell in _in_order(report))
        ],
    }


def _in_order(report: Report) -> list[Cell]:
    groups, times = [None, *report.groups()], [None, *report.times()]
    return [(g, t) for g in groups for t in times if (g, t) in report.figures]


def _charts(report: Report, anchors: Mapping[Cell, str]) -> list[dict[str, Any]]:
    times, groups, charts = report.times(), report.groups(), list[dict[str, Any]]()
    for stance in STANCES:
        if len(times) > 1:
            points = [_point(report, (None, t), t, stance, anchors) for t in times if t != NO_DATE]
            charts.append(_chart(f"{stance} over time", over_time(points), points, _OMITS_TIME))
        if len(groups) > 1:
            points = [_point(report, (g, None), g, stance, anchors) for g in groups]
            charts.append(_chart(f"{stance} by group", by_group(points), points, _OMITS_GROUP))
    return charts


def _chart(title: str, svg: str, points: Sequence[Point], omits: str) -> dict[str, Any]:
    kinds = {point.note for point in points if point.best}
    return {
        "title": title,
        "svg": Markup(svg),  # noqa: S704 - charts escape the names that they are given
        "kind": " or ".join(sorted(kinds)) or "nothing",
        "omits": omits,
    }


def _point(
    report: Report, cell: Cell, name: str, stance: str, anchors: Mapping[Cell, str]
) -> Point:
    figure = report.figures[cell]
    if not figure.shares:
        note = f"withheld, {figure.documents} documents"
        return Point(name, anchors[cell], None, None, note)
    share = figure.shares[stance]
    note = "as labelled" if share.corrected is None else "corrected"
    note = "with labels" if share.powered else note
    return Point(name, anchors[cell], share.best, share.labelled, note)


def _crossed(report: Report, anchors: Mapping[Cell, str]) -> dict[str, dict[str, list[Any]]]:
    groups, times = report.groups(), report.times()
    if len(groups) < 2 or len(times) < 2:
        return {}
    return {
        stance: {g: [_cell(report, (g, t), stance, anchors) for t in times] for g in groups}
        for stance in STANCES
    }


def _cell(
    report: Report, cell: Cell, stance: str, anchors: Mapping[Cell, str]
) -> dict[str, str] | None:
    figure = report.figures.get(cell)
    if figure is None:
        return None
    text = percent(figure.shares[stance].best) if figure.shares else "–"
    return {"anchor": anchors[cell], "text": text}


def _behind(report: Report, cell: Cell, anchors: Mapping[Cell, str]) -> dict[str, Any]:
    names = (*STANCES, "none")
    return {
        "anchor": anchors[cell],
        "title": ", ".join(part for part in cell if part is not None) or "all of it",
        "figure": report.figures[cell],
        "examples": {name: report.examples.of(cell, name) for name in names},
    }
