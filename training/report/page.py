"""An assessment to a folder that people open: index.html (self-contained), json and pictures."""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from data.agreement.bootstrap import Interval
from model.decide.labels import Decision
from training.measure.assess import Assessment, Examined, Mistake, summary
from training.measure.behaviour import behaviour_table
from training.measure.evaluate import Predictions, measure
from training.measure.paired import macro_f1_difference
from training.measure.study import Contender, Study
from training.report.figures import coverage_curve, curves, learning_curve
from training.report.tables import metrics_table, percent, slices_table


def write_report(
    folder: Path,
    assessment: Assessment,
    decisions: Sequence[Decision],
    study: Study | None,
) -> None:
    """Write everything that was measured; `folder` must not exist."""
    folder.mkdir(parents=True)
    text = json.dumps(summary(assessment), indent=2) + "\n"
    (folder / "metrics.json").write_text(text, encoding="utf-8")
    pictures = _pictures(assessment, decisions, study)
    for name, png in pictures.items():
        (folder / f"{name}.png").write_bytes(png)
    page = _PAGE.format(body="\n".join(_sections(assessment, pictures, study)))
    (folder / "index.html").write_text(page, encoding="utf-8")


def study_table(study: Study, predictions: Mapping[str, Predictions]) -> str:
    """Macro-F1 of every baseline, and by how much the model beats it, paired, as text."""
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


def _pictures(
    assessment: Assessment, decisions: Sequence[Decision], study: Study | None
) -> dict[str, bytes]:
    pictures = {
        f"curves-{_file_name(name)}": curves(predictions, decisions)
        for name, predictions in assessment.predictions.items()
    }
    coverage = {name: examined.coverage for name, examined in assessment.sets.items()}
    pictures["coverage"] = coverage_curve(coverage)
    if study:
        pictures["learning-curve"] = learning_curve(
            {name: _growth(study.learning_curve, name) for name in assessment.sets}
        )
    return pictures


def _growth(contenders: Sequence[Contender], name: str) -> dict[int, Interval]:
    return {each.sentences: measure(each.predictions[name]).macro_f1 for each in contenders}


def _sections(
    assessment: Assessment, pictures: Mapping[str, bytes], study: Study | None
) -> Iterable[str]:
    yield _links(assessment, study)
    for name, examined in assessment.sets.items():
        yield f'<h2 id="{_file_name(name)}">{escape(_title(name))}</h2>'
        yield _pre(metrics_table(examined.metrics))
        yield f"<p>{escape(_sentence_on(examined))}</p>"
        yield _image(pictures[f"curves-{_file_name(name)}"], f"curves of {name}")
        if examined.slices:
            yield _folded(
                "By register, source, decade, length, voice", slices_table(examined.slices)
            )
        yield _folded("Label sets confused", _confusions(examined))
    yield '<h2 id="coverage">Coverage</h2>'
    yield _image(pictures["coverage"], "exact match over coverage")
    yield '<h2 id="behaviour">Behaviour</h2>' + _pre(behaviour_table(assessment.behaviour))
    if study:
        yield '<h2 id="others">Other ways, same data</h2>'
        yield _pre(study_table(study, assessment.predictions))
        yield _image(pictures["learning-curve"], "macro F1 over training sentences")
    yield '<h2 id="mistakes">Surest mistakes on the test part</h2>'
    yield from map(_mistake, assessment.mistakes)


def _title(name: str) -> str:
    return "Test part of the annotations" if name == "test" else f"Measured besides: {name}"


def _links(assessment: Assessment, study: Study | None) -> str:
    names = [*map(_file_name, assessment.sets), "coverage", "behaviour"]
    names += ["others", "mistakes"] if study else ["mistakes"]
    return "<nav>" + " · ".join(f'<a href="#{name}">{name}</a>' for name in names) + "</nav>"


def _sentence_on(examined: Examined) -> str:
    uncertain = examined.uncertain
    text = (
        f"{uncertain['share']:.1%} of the sentences are marked uncertain: "
        f"{uncertain['exact_match_marked']:.1%} of them have exactly the right labels, of the "
        f"others {uncertain['exact_match_others']:.1%}."
    )
    if examined.against_shipped:
        text += f" Macro F1 less that of the model it follows: {percent(examined.against_shipped)}."
    return text


def _confusions(examined: Examined) -> str:
    rows = [
        f"{count:>6}  {gold:<36}{said}"
        for (gold, said), count in examined.combinations.items()
        if gold != said
    ]
    return "\n".join([f"{'n':>6}  {'annotators':<36}model", *rows])


def _mistake(mistake: Mistake) -> str:
    said, gold = (", ".join(each) or "none" for each in (mistake.said, mistake.gold))
    hard = ", marked hard" if mistake.hard else ""
    return (
        f"<p>{escape(mistake.text)}<br><small>model: {said}; annotators: {gold}{hard}; "
        f"scores {mistake.scores}</small></p>"
    )


def _folded(title: str, text: str) -> str:
    return f"<details><summary>{escape(title)}</summary>{_pre(text)}</details>"


def _pre(text: str) -> str:
    return f"<pre>{escape(text)}</pre>"


def _image(png: bytes, alt: str) -> str:
    data = base64.b64encode(png).decode("ascii")
    return f'<img alt="{escape(alt)}" src="data:image/png;base64,{data}">'


def _file_name(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name.lower())


_PAGE = """\
<!doctype html><html lang="en"><meta charset="utf-8"><title>Demarche: evaluation</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;
color:#222}}pre{{overflow-x:auto;font-size:.78rem;background:#f6f6f4;padding:.7rem}}
img{{max-width:100%}}small{{color:#555}}nav{{margin-bottom:1rem}}</style>
<h1>Evaluation</h1>
{body}
</html>
"""
