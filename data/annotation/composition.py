"""Count what a corpus is made of."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import quantiles

from data.annotation.annotation import Annotation
from data.annotation.near_duplicates import near_duplicates
from data.annotation.split import part_of
from model.stance import STANCES

_NEAR = 0.6
_SAMPLE_WORDS = 50_000  # type-token ratios are comparable only at one length of text


def composition(annotations: Sequence[Annotation]) -> str:
    """Counts and shares of the corpus, as text."""
    total = len(annotations)
    fictional = {each.doc for each in annotations if each.fictional}
    docs = {each.doc for each in annotations}
    labels = [label for each in annotations for label in each.labels or ("none",)]
    stances = [stance for each in annotations for stance in each.stances]
    return "\n".join(
        [
            f"{total:,} sentences in {len(docs):,} documents, {len(fictional)} of them about "
            f"invented actors ({len(fictional) / max(1, len(docs)):.0%})",
            _shares("labels", labels, total, [*STANCES, "none"]),
            f"two or three labels: {sum(len(each.labels) > 1 for each in annotations)}; "
            f"hard: {sum(each.hard for each in annotations)}; "
            f"voice reported: {sum(s.voice == 'reported' for s in stances)} of {len(stances)}",
            _shares("registers", [each.register or "-" for each in annotations], total),
            _shares("decades", [_decade(each.year) for each in annotations], total),
            _shares("parts", [part_of(each.group) for each in annotations], total),
            _lengths(annotations),
        ]
    )


def variety(texts: Iterable[str]) -> str:
    """How varied a collection of sentences is."""
    words = [re.findall(r"\w+", text.casefold()) for text in texts]
    openings = Counter(tuple(each[:3]) for each in words)
    running = [word for each in words for word in each][:_SAMPLE_WORDS]
    own, ratio = len(openings) / max(1, len(words)), len(set(running)) / max(1, len(running))
    return (
        f"{own:.1%} of {len(words):,} sentences have a three-word opening of their own kind; "
        f"type-token ratio {ratio:.3f} over {len(running):,} words"
    )


def leakage(annotations: Sequence[Annotation]) -> str:
    """Near-duplicates, and how many of them cross from one part of the split to another."""
    pairs = list(near_duplicates([each.text for each in annotations], similarity=_NEAR))
    crossing = [
        pair
        for pair in pairs
        if part_of(annotations[pair.first].group) != part_of(annotations[pair.second].group)
    ]
    lines = [
        f"near-duplicates (Jaccard of word trigrams at least {_NEAR}): {len(pairs)}, of which "
        f"{len(crossing)} cross parts"
    ]
    for pair in pairs[:10]:
        one, two = annotations[pair.first], annotations[pair.second]
        lines.append(f"  {pair.similarity:.2f} {one.id} {two.id}: {two.text[:70]}")
    return "\n".join(lines)


def _shares(name: str, values: Sequence[str], total: int, order: Sequence[str] = ()) -> str:
    counts = Counter(values)
    names = order or sorted(counts, key=lambda value: -counts[value])
    rows = [
        f"  {value:<18}{counts[value]:>6}  {counts[value] / total:>6.1%}  "
        + "█" * round(40 * counts[value] / total)
        for value in names
    ]
    return "\n".join([f"{name}:", *rows])


def _lengths(annotations: Sequence[Annotation]) -> str:
    counts = [len(each.text.split()) for each in annotations]
    cuts = quantiles(counts, n=20)
    return (
        f"words a sentence: {min(counts)} to {max(counts)}; 5 % under {cuts[0]:.0f}, "
        f"median {cuts[9]:.0f}, 5 % over {cuts[18]:.0f}"
    )


def _decade(year: int | None) -> str:
    return "-" if year is None else f"{year // 10 * 10}s"
