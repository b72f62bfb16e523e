"""Metrics as fixed-width tables for the terminal, the report and the model card."""

from collections.abc import Mapping, Sequence

import numpy as np

from data.agreement.bootstrap import Interval
from training.measure.by_source import BySource
from training.measure.efforts import AtEffort
from training.measure.evaluate import Metrics, measure
from training.measure.paired import macro_f1_difference
from training.measure.slices import SMALLEST, Slice


def metrics_table(metrics: Metrics) -> str:
    """Show the metrics in per cent, with 95 % intervals."""
    head = f"{'':<12}{'n':>5}  {'precision':<20}{'recall':<20}{'F1':<20}{'AP':<20}{'ECE':>5}"
    rows = [
        f"{name:<12}{m.positives:>5}  "
        + "".join(f"{percent(x):<20}" for x in (m.precision, m.recall, m.f1, m.average_precision))
        + f"{100 * m.ece:>5.1f}"
        for name, m in metrics.stances.items()
    ]
    macro = (
        f"{'macro':<12}{'':>5}  {'':<40}{percent(metrics.macro_f1):<20}"
        f"{percent(metrics.macro_average_precision):<20}{100 * metrics.ece:>5.1f}"
    )
    tail = (
        f"exact match {percent(metrics.exact_match)} of {metrics.sentences:,} sentences in "
        f"{metrics.documents:,} documents; % with 95 % bootstrap intervals over documents"
    )
    return "\n".join([head, *rows, macro, tail])


def slices_table(slices: Mapping[str, Mapping[str, Slice]]) -> str:
    """Show macro-F1 and exact match of each slice, in per cent."""
    lines = [f"{'':<46}{'n':>5}  {'macro F1':<20}{'exact match':<20}"]
    for facet, parts in slices.items():
        lines.append(facet)
        lines += [
            f"  {value[:43]:<44}{part.sentences:>5}  {percent(part.macro_f1):<20}"
            f"{percent(part.exact_match):<20}".rstrip()
            for value, part in parts.items()
        ]
    return "\n".join(lines)


def efforts_table(efforts: Sequence[AtEffort]) -> str:
    """Show what each effort asks twice and gets right, in per cent."""
    head = f"{'':<44}{'effort':<10}{'asked twice':>11}  {'macro F1':<20}{'exact match':>11}"
    rows = [
        f"{each.set[:43]:<44}{each.effort:<10}{100 * each.asked_twice:>11.1f}  "
        f"{percent(each.macro_f1):<20}{100 * each.exact_match:>11.1f}"
        for each in efforts
    ]
    return "\n".join([head, *rows])


def percent(interval: Interval | None) -> str:
    """Show an interval in per cent, to one decimal; "-" for None."""
    if interval is None:
        return "-"
    value, low, high = (100 * x for x in (interval.value, interval.low, interval.high))
    return f"{value:.1f} ({low:.1f}-{high:.1f})"


def by_source_table(found: BySource) -> str:
    """Show macro-F1 on the same sentences with and without their source in training, as text."""
    registers = np.array(found.registers)
    parts = {"all": np.arange(len(registers))}
    parts |= {name: np.flatnonzero(registers == name) for name in sorted(set(found.registers))}
    lines = [f"{'':<14}{'n':>5}  {'source known':<20}{'source unknown':<20}{'lost':<20}"]
    for name, rows in parts.items():
        if len(rows) < SMALLEST:
            continue
        known, unknown = found.in_source.select(rows), found.out_of_source.select(rows)
        lines.append(
            f"{name:<14}{len(rows):>5}  {percent(measure(known).macro_f1):<20}"
            f"{percent(measure(unknown).macro_f1):<20}"
            f"{percent(macro_f1_difference(known, unknown)):<20}".rstrip()
        )
    lines.append(
        f"macro F1 of plain fine-tuning, {found.sources} sources, sentences drawn at random"
    )
    for sources, predictions in found.curve.items():
        f1 = percent(measure(predictions).macro_f1)
        lines.append(f"  fitted on {sources:>3} sources: {f1} on others")
    return "\n".join(lines)
