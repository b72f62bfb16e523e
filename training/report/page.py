"""An assessment to a report folder: index.html (self-contained), metrics.json and figures."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.agreement.bootstrap import Interval
from model.decide.labels import Decision
from training.measure.assess import Assessment, SetAssessment, metrics_summary
from training.measure.behaviour import behaviour_table
from training.measure.evaluate import Predictions, measure
from training.measure.paired import macro_f1_difference
from training.measure.study import ComparedModel, Study
from training.report.figures import coverage_curve, curves, learning_curve
from training.report.render import render
from training.report.tables import metrics_table, percent, slices_table


@dataclass(frozen=True)
class SetSection:
    """What the page shows of one set of sentences; tables are fixed-width text.

    Attributes:
        anchor: its place in the page's links.
        uncertain: shares from 0 to 1; see SetAssessment.
        curves: a figure as PNG.
    """

    name: str
    anchor: str
    title: str
    metrics: str
    uncertain: Mapping[str, float]
    against_shipped: str
    curves: bytes
    slices: str
    confusions: str


def write_report_folder(
    folder: Path,
    assessment: Assessment,
    decisions: Sequence[Decision],
    study: Study | None,
) -> None:
    """Write everything that was measured; `folder` must not exist."""
    folder.mkdir(parents=True)
    text = json.dumps(metrics_summary(assessment), indent=2) + "\n"
    (folder / "metrics.json").write_text(text, encoding="utf-8")
    figures = _figures(assessment, decisions, study)
    for name, png in figures.items():
        (folder / f"{name}.png").write_bytes(png)
    (folder / "index.html").write_text(_page(assessment, figures, study), encoding="utf-8")


def study_table(study: Study, predictions: Mapping[str, Predictions]) -> str:
    """Show macro-F1 of every baseline, and by how much the model is better, paired, as text."""
    lines = []
    for name, own in predictions.items():
        lines.append(f"{name:<42}{'macro F1':<20}{'the model is better by':<24}{'seconds':>8}")
        for each in study.baselines:
            other = each.predictions[name]
            better = macro_f1_difference(own, other)
            lines.append(
                f"  {each.name:<40}{percent(measure(other).macro_f1):<20}{percent(better):<24}"
                f"{each.seconds:>8}"
            )
    return "\n".join(lines)


def _figures(
    assessment: Assessment, decisions: Sequence[Decision], study: Study | None
) -> dict[str, bytes]:
    figures = {
        f"curves-{_anchor(name)}": curves(predictions, decisions)
        for name, predictions in assessment.predictions.items()
    }
    coverage = {name: assessed.coverage for name, assessed in assessment.sets.items()}
    figures["coverage"] = coverage_curve(coverage)
    if study:
        figures["learning-curve"] = learning_curve(
            {name: _growth(study.learning_curve, name) for name in assessment.sets}
        )
    return figures


def _growth(models: Sequence[ComparedModel], name: str) -> dict[int, Interval]:
    return {each.sentences: measure(each.predictions[name]).macro_f1 for each in models}


def _page(assessment: Assessment, figures: Mapping[str, bytes], study: Study | None) -> str:
    sets = [
        _section(name, assessed, figures[f"curves-{_anchor(name)}"])
        for name, assessed in assessment.sets.items()
    ]
    others = ["others"] if study else []
    return render(
        "report.html",
        anchors=[*(each.anchor for each in sets), "coverage", "behaviour", *others, "mistakes"],
        sets=sets,
        coverage=figures["coverage"],
        behaviour=behaviour_table(assessment.behaviour),
        study=study_table(study, assessment.predictions) if study else "",
        learning_curve=figures.get("learning-curve"),
        mistakes=assessment.mistakes,
    )


def _section(name: str, assessed: SetAssessment, png: bytes) -> SetSection:
    is_test, shipped = name == "test", assessed.against_shipped
    return SetSection(
        name=name,
        anchor=_anchor(name),
        title="Test part of the annotations" if is_test else f"Measured besides: {name}",
        metrics=metrics_table(assessed.metrics),
        uncertain=assessed.uncertain,
        against_shipped=percent(shipped) if shipped else "",
        curves=png,
        slices=slices_table(assessed.slices) if assessed.slices else "",
        confusions=_confusions(assessed),
    )


def _confusions(assessed: SetAssessment) -> str:
    rows = [
        f"{count:>6}  {gold:<36}{predicted}"
        for (gold, predicted), count in assessed.combinations.items()
        if gold != predicted
    ]
    return "\n".join([f"{'n':>6}  {'annotators':<36}model", *rows])


def _anchor(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name.lower())
