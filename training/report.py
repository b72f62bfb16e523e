"""Metrics to what people read: a table for the terminal, a page with pictures, a model card."""

import base64
import io
import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from model.labels import Decision
from model.manifest import Manifest
from model.stance import STANCES
from training.evaluate import Bools, Floats, Interval, Metrics, Predictions, as_dict

_COLOURS = ("#2a7f4f", "#b5382f", "#2f5db5")


def metrics_table(metrics: Metrics) -> str:
    """The metrics as fixed-width text, in per cent, with 95 % intervals."""
    head = f"{'':<12}{'n':>5}  {'precision':<20}{'recall':<20}{'F1':<20}{'AP':<20}{'ECE':>5}"
    rows = [
        f"{name:<12}{m.positives:>5}  "
        + "".join(f"{_percent(x):<20}" for x in (m.precision, m.recall, m.f1, m.average_precision))
        + f"{100 * m.ece:>5.1f}"
        for name, m in metrics.stances.items()
    ]
    macro = (
        f"{'macro':<12}{'':>5}  {'':<40}{_percent(metrics.macro_f1):<20}"
        f"{_percent(metrics.macro_average_precision):<20}{100 * metrics.ece:>5.1f}"
    )
    tail = (
        f"exact match {_percent(metrics.exact_match)} of {metrics.sentences:,} sentences in "
        f"{metrics.documents:,} documents; % with 95 % bootstrap intervals over documents"
    )
    return "\n".join([head, *rows, macro, tail])


def write_report(
    folder: Path, predictions: Predictions, metrics: Metrics, decisions: tuple[Decision, ...]
) -> None:
    """Write metrics.json, curves.png and a self-contained index.html."""
    folder.mkdir(parents=True)
    text = json.dumps(as_dict(metrics), indent=2) + "\n"
    (folder / "metrics.json").write_text(text, encoding="utf-8")
    picture = _curves(predictions, decisions)
    (folder / "curves.png").write_bytes(picture)
    (folder / "index.html").write_text(_page(metrics, picture), encoding="utf-8")


def model_card(manifest: Manifest) -> str:
    """README.md of a model folder; every figure in it comes from the manifest."""
    provenance = manifest.provenance
    return _CARD.format(
        version=manifest.version,
        base=provenance["base_model"],
        table=provenance["table"],
        counts=_bullets(provenance["counts"]),
        parity=_bullets(provenance["parity"]),
        decisions="\n".join(
            f"| {stance} | {d.threshold:.2f} | {d.uncertain_low:.2f} to {d.uncertain_high:.2f} | "
            f"{'none seen' if d.uncertain_accuracy is None else f'{d.uncertain_accuracy:.0%}'} |"
            for stance, d in zip(STANCES, manifest.decisions, strict=True)
        ),
        seconds=provenance["seconds"],
        cpu=provenance["cpu"],
        window=manifest.max_window,
    )


def _percent(interval: Interval | None) -> str:
    if interval is None:
        return "-"
    value, low, high = (100 * x for x in (interval.value, interval.low, interval.high))
    return f"{value:.1f} ({low:.1f}-{high:.1f})"


def _bullets(values: Mapping[str, Any]) -> str:
    return "\n".join(f"- {name.replace('_', ' ')}: {value}" for name, value in values.items())


def _curves(predictions: Predictions, decisions: tuple[Decision, ...]) -> bytes:
    with mpl.rc_context({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(9, 4), layout="constrained")
        left, right = figure.subplots(1, 2)
        for i, (stance, colour) in enumerate(zip(STANCES, _COLOURS, strict=True)):
            p, gold = predictions.probabilities[:, i], predictions.gold[:, i]
            _precision_recall(left, p, gold, decisions[i].threshold, stance, colour)
            _reliability(right, p, gold, stance, colour)
        left.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.02))
        left.set_title("Precision and recall; the dot is the threshold in use")
        right.plot([0, 1], [0, 1], color="#999999", linewidth=0.8, linestyle=":")
        right.set(xlabel="probability given", ylabel="share that holds", xlim=(0, 1), ylim=(0, 1))
        right.set_title("Reliability; on the diagonal is right")
        left.legend(frameon=False, loc="lower left")
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=120)
    return buffer.getvalue()


def _precision_recall(
    axes: Axes, p: Floats, gold: Bools, threshold: float, stance: str, colour: str
) -> None:
    if not gold.any():
        return
    precision, recall, thresholds = precision_recall_curve(gold, p)
    axes.plot(recall, precision, color=colour, label=stance)
    at = min(int(np.searchsorted(thresholds, threshold)), len(thresholds) - 1)
    axes.plot(recall[at], precision[at], "o", color=colour)


def _reliability(axes: Axes, p: Floats, gold: Bools, stance: str, colour: str) -> None:
    bins = np.array_split(np.argsort(p, kind="stable"), min(10, len(p)))
    axes.plot(
        [p[b].mean() for b in bins],
        [gold[b].mean() for b in bins],
        "o-",
        color=colour,
        markersize=3,
        label=stance,
    )


def _page(metrics: Metrics, picture: bytes) -> str:
    image = base64.b64encode(picture).decode("ascii")
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Demarche: evaluation</title>'
        "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;"
        "padding:0 1rem}pre{overflow-x:auto;font-size:.78rem}img{max-width:100%}</style>"
        f"<h1>Evaluation on the test split</h1><pre>{escape(metrics_table(metrics))}</pre>"
        '<img alt="precision-recall curves and reliability diagram" '
        f'src="data:image/png;base64,{image}"></html>\n'
    )


_CARD = """\
# Demarche stance model {version}

Says for a sentence of an official or political statement whether it expresses agreement,
criticism or demand: any of them, several, or none. English.

**For**: reading, sorting and searching statements, with a person who checks what matters.
**Not for**: deciding about people, or as evidence of what a state holds without reading the text;
other languages; private conversation; sarcasm. It labels wording, not truth or intent.

## How good it is

On the corpus's test documents, which nothing was fitted on, with the engine that serves:

```
{table}
```

The corpus is written for the project; real statements are harder. `make evaluate DATA=yours.jsonl`
measures the model on your own annotated sentences.

## When it is unsure

A score inside the band is marked `uncertain`: held-out decisions in it were right this often.

| stance | threshold | band | right in the band |
|---|---|---|---|
{decisions}

## How it was made

Fine-tuned from {base}; up to {window} tokens a forward pass, longer sentences in overlapping
windows of which the highest score counts. Probabilities are Platt-scaled and thresholds chosen on
held-out folds. Training took {seconds} s on {cpu}.

Sentences:

{counts}

Largest difference of a probability from torch in fp32:

{parity}

manifest.json has the recipe, fingerprints, package versions and the sha256 of every file.
"""
