"""How far two readers of the same sentences agree: on labels, and on who holds them about what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
from numpy.typing import NDArray

from data.agreement.bootstrap import DocumentBootstrap, Interval, Statistic
from data.annotation.annotation import Annotation, HeldStance
from data.annotation.files import read_annotations
from data.annotation.json_lines import read_json_objects
from model.stance import STANCES, Stance

FOLDER = Path(__file__).parents[1] / "corpus" / "agreement"
BLIND, ADJUDICATED = FOLDER / "blind.jsonl", FOLDER / "adjudicated.jsonl"
BLIND_SUITE = FOLDER / "blind_suite.jsonl"  # texts of the behavioural suite, read blind
RELABELLED = FOLDER / "relabelled.jsonl"  # rows that a later version of the codebook changed


@dataclass(frozen=True)
class Pair:
    """One sentence read twice, independently."""

    first: Annotation
    second: Annotation


@dataclass(frozen=True)
class Agreement:
    """Agreement of two readings of the same sentences.

    Attributes:
        alpha: Krippendorff's alpha of each stance, present or absent, nominal.
        same_labels: share of sentences with the same label set.
        holder, target: mean token F1 of the spans, over stances that both readings have once.
        voice: share of those stances with the same voice.
        disputed: the sentences whose label sets differ.
    """

    sentences: int
    alpha: Mapping[Stance, Interval]
    same_labels: Interval
    holder: Interval
    target: Interval
    voice: Interval
    disputed: list[Pair]


def read_pairs(corpus: Sequence[Annotation]) -> list[Pair]:
    """The blind second reading beside the first, as that was before adjudication."""
    first = {each.id: each for each in corpus} | _first_readings()
    return [Pair(first[each.id], each) for each in read_annotations([BLIND], unique=True)]


def measure_agreement(pairs: Sequence[Pair]) -> Agreement:
    """All figures, with intervals from 1,000 bootstrap samples of documents."""
    interval = DocumentBootstrap([pair.second.group for pair in pairs]).interval
    same = np.array([pair.first.labels == pair.second.labels for pair in pairs])
    spans = [_span_agreement(pair) for pair in pairs]
    holder, target, voice = (
        interval(lambda rows, k=k: _mean([each[k] for i in rows for each in spans[i]]))  # type: ignore[misc]
        for k in range(3)
    )
    return Agreement(
        sentences=len(pairs),
        alpha={stance: interval(_alpha_of(pairs, stance)) for stance in STANCES},
        same_labels=interval(lambda rows: float(same[rows].mean())),
        holder=holder,
        target=target,
        voice=voice,
        disputed=[pair for pair in pairs if pair.first.labels != pair.second.labels],
    )


def token_f1(one: str | None, other: str | None) -> float:
    """Overlap of two spans as F1 over their words; two spans that are not there agree."""
    if one is None or other is None:
        return float(one == other)
    first, second = one.casefold().split(), other.casefold().split()
    shared = sum(min(first.count(word), second.count(word)) for word in set(first))
    return 2 * shared / (len(first) + len(second))


def _first_readings() -> dict[str | None, Annotation]:
    """The writers' own readings of the sentences that were adjudicated or relabelled since."""
    rows = [row for file in (RELABELLED, ADJUDICATED) for _, row in read_json_objects(file)]
    return {row["id"]: _reading(row) for row in rows}


def _reading(row: Mapping[str, Any]) -> Annotation:
    held = tuple(HeldStance(**stance) for stance in row["first"])
    labels = tuple(s for s in STANCES if s in {stance.label for stance in held})
    return Annotation(row["text"], labels, id=row["id"], doc=row["doc"], stances=held)


def nominal_alpha(ratings: NDArray[np.float64]) -> float:
    """Krippendorff's alpha of (readers, sentences) with 1 for yes, 0 for no, NaN for not read.

    NaN where it is not defined: no sentence was read twice, or all say the same.
    """
    read = ~np.isnan(ratings)
    values = ratings[:, read.sum(axis=0) > 1]
    if values.size == 0 or np.nanmin(values) == np.nanmax(values):
        return float("nan")
    return float(krippendorff.alpha(values, level_of_measurement="nominal"))


def _alpha_of(pairs: Sequence[Pair], stance: Stance) -> Statistic:
    ratings = _ratings(pairs, stance)
    return lambda rows: nominal_alpha(ratings[:, rows])


def _ratings(pairs: Sequence[Pair], stance: Stance) -> NDArray[np.float64]:
    return np.array(
        [[stance in pair.first.labels, stance in pair.second.labels] for pair in pairs], float
    ).T


def _span_agreement(pair: Pair) -> list[tuple[float, float, float]]:
    """(holder, target, voice) of each stance that both readings have exactly once."""
    rows = []
    for stance in STANCES:
        first = [held for held in pair.first.stances if held.label == stance]
        second = [held for held in pair.second.stances if held.label == stance]
        if len(first) == len(second) == 1:
            one, other = first[0], second[0]
            rows.append(
                (
                    token_f1(one.holder, other.holder),
                    token_f1(one.target, other.target),
                    float(one.voice == other.voice),
                )
            )
    return rows


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")


def agreement_table(agreement: Agreement) -> str:
    """The figures and the disputed sentences, as text."""
    lines = [
        f"{agreement.sentences:,} sentences read twice, the second time blind; 95 % bootstrap "
        "intervals over documents",
        *(f"  alpha {stance:<12}{value}" for stance, value in agreement.alpha.items()),
        f"  same label set    {agreement.same_labels}",
        f"  holder, token F1  {agreement.holder}",
        f"  target, token F1  {agreement.target}",
        f"  same voice        {agreement.voice}",
        f"disputed ({len(agreement.disputed)}), first reading against second:",
    ]
    for pair in agreement.disputed:
        one, other = (", ".join(each.labels) or "none" for each in (pair.first, pair.second))
        lines.append(f"  {pair.second.id}: {one} | {other}\n    {pair.second.text}")
    return "\n".join(lines)


def readers_table(pairs: Sequence[Pair]) -> str:
    """Alpha of each stance for each second reader, as text.

    The pooled figures hide how readers differ: alpha of criticism is .99 for the first six together
    and .89 for the seventh, whose sentences are about what the older rulings left open.
    """
    lines = [f"by second reader: sentences, same label set, alpha of {', '.join(STANCES)}"]
    for name in sorted({str(pair.second.annotator) for pair in pairs}):
        read = [pair for pair in pairs if str(pair.second.annotator) == name]
        same = _mean([float(pair.first.labels == pair.second.labels) for pair in read])
        alphas = (f"{nominal_alpha(_ratings(read, stance)):.3f}" for stance in STANCES)
        lines.append(f"  {name:<6}{len(read):>6,}  {same:.3f}  {'  '.join(alphas)}")
    return "\n".join(lines)
