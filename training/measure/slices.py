"""Figures of slices of the sentences: by register, source, decade, length and voice."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.agreement.bootstrap import DocumentBootstrap, Interval
from data.annotation.annotation import Annotation
from training.measure.evaluate import Predictions, exact_match, macro_f1

SMALLEST = 30  # with fewer sentences a figure means nothing


@dataclass(frozen=True)
class Slice:
    """Figures of the sentences that have one value in common."""

    sentences: int
    macro_f1: Interval
    exact_match: Interval


def measure_slices(
    predictions: Predictions, annotations: Sequence[Annotation]
) -> dict[str, dict[str, Slice]]:
    """Return figures by facet and value; values with fewer than 30 sentences are left out."""
    measured = {}
    for facet, value_of in _FACETS.items():
        rows_of: defaultdict[str, list[int]] = defaultdict(list)
        for i, annotation in enumerate(annotations):
            if (value := value_of(annotation)) is not None:
                rows_of[value].append(i)
        slices = {
            value: _slice(predictions.select(rows))
            for value, rows in sorted(rows_of.items())
            if len(rows) >= SMALLEST
        }
        if len(slices) > 1:
            measured[facet] = slices
    return measured


def _slice(predictions: Predictions) -> Slice:
    interval = DocumentBootstrap(predictions.groups).interval
    return Slice(
        sentences=len(predictions.groups),
        macro_f1=interval(lambda rows: macro_f1(predictions.select(rows))),
        exact_match=interval(lambda rows: exact_match(predictions.select(rows))),
    )


def _decade(annotation: Annotation) -> str | None:
    return None if annotation.year is None else f"{annotation.year // 10 * 10}s"


def _length(annotation: Annotation) -> str:
    words = len(annotation.text.split())
    bounds = (10, 20, 30, 45)
    place = int(np.searchsorted(bounds, words, side="right"))
    names = ("under 10 words", "10 to 19 words", "20 to 29 words", "30 to 44 words", "45 and more")
    return names[place]


def _voice(annotation: Annotation) -> str | None:
    voices = sorted({stance.voice for stance in annotation.stances})
    return " and ".join(voices) or None


def _source(annotation: Annotation) -> str | None:
    source = annotation.extra.get("source")
    return None if source is None else str(source)


_FACETS: Mapping[str, Callable[[Annotation], str | None]] = {
    "register": lambda annotation: annotation.register,
    "source": _source,
    "decade": _decade,
    "length": _length,
    "voice": _voice,
}
