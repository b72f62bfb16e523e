"""Figures of predictions, as PNG."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve

from data.agreement.bootstrap import Interval
from model.decide.labels import Decision
from model.stance import STANCES
from training.measure.evaluate import Bools, Floats, Predictions
from training.measure.selective import CoveragePoint

_COLOURS = ("#2a7f4f", "#b5382f", "#2f5db5")
_STYLE: Any = {"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}


def curves(predictions: Predictions, decisions: Sequence[Decision]) -> bytes:
    """Draw precision-recall curves with the thresholds in use, and the reliability diagram."""
    with mpl.rc_context(_STYLE):
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
        return _png(figure)


def coverage_curve(points: Mapping[str, Sequence[CoveragePoint]]) -> bytes:
    """Draw exact match over the share of sentences kept, one line a set."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(5.5, 3.6), layout="constrained")
        axes = figure.subplots()
        for name, curve in points.items():
            x = [100 * point.coverage for point in curve]
            axes.plot(x, [100 * point.exact_match for point in curve], label=name)
        axes.set(xlabel="% of sentences kept, the surest first", ylabel="% exactly right")
        axes.set_title("Leaving the unsure ones to a person")
        axes.legend(frameon=False, loc="lower left")
        return _png(figure)


def learning_curve(points: Mapping[str, Mapping[int, Interval]]) -> bytes:
    """Draw macro-F1 over the number of training sentences, one line a set."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(5.5, 3.6), layout="constrained")
        axes = figure.subplots()
        for name, values in points.items():
            x = list(values)
            axes.plot(x, [100 * value.value for value in values.values()], "o-", label=name)
            low = [100 * value.low for value in values.values()]
            axes.fill_between(x, low, [100 * v.high for v in values.values()], alpha=0.12)
        axes.set(xlabel="training sentences", ylabel="macro F1, %", xscale="log")
        axes.set_title("Would more data help?")
        axes.legend(frameon=False, loc="lower right")
        return _png(figure)


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


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=120)
    return buffer.getvalue()
