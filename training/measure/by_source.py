"""Cross-validation by source: how good a model is on sources that it has never seen, beside others.

What users bring is a source that no one labelled sentences of. Each measured sentence is therefore
answered twice: by a network fitted without the sentence's whole source, and by one fitted without
its document alone. Only sentences drawn at random are measured: those picked for being doubtful
make every model look bad.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.annotation.annotation import Annotation
from data.annotation.split import fold_of
from model.command_line import Say
from model.errors import NotEnoughData
from training.measure.evaluate import Predictions

# fits a model on the first sentences, and predicts on the second
FitAndPredict = Callable[[Sequence[Annotation], Sequence[Annotation]], Predictions]

_SHARES = (0.125, 0.25, 0.5, 1.0)


@dataclass(frozen=True)
class BySource:
    """Predictions for the same sentences from models that knew their source, or did not.

    Attributes:
        registers: the kind of text of each sentence.
        sources: how many sources there are.
        curve: on the sources of the first fold, by the number of other sources fitted on.
    """

    in_source: Predictions
    out_of_source: Predictions
    registers: list[str]
    sources: int
    curve: Mapping[int, Predictions]


def cross_validate(
    fitted: Sequence[Annotation], fit: FitAndPredict, *, folds: int, say: Say
) -> BySource:
    """Fit twice a fold, and once for each smaller number of sources, and predict.

    Args:
        fitted: all sentences that may be fitted on; those with a `source` are divided by it.
        fit: fits on some of them and predicts for others.
        folds: into how many parts sources, and documents, are divided.
        say: told of each fit.

    Raises:
        NotEnoughData: there are fewer sources than folds.
    """
    fold_of_source = source_folds(fitted, folds)
    rows = [i for i, each in enumerate(fitted) if _measured(each)]
    by_source = [fold_of_source[source_of(fitted[i])] for i in rows]
    by_document = [fold_of(fitted[i].group, folds=folds) for i in rows]
    measured = [fitted[i] for i in rows]

    def other_sources(k: int) -> list[Annotation]:
        return [each for each in fitted if fold_of_source.get(source_of(each)) != k]

    def other_documents(k: int) -> list[Annotation]:
        return [each for each in fitted if fold_of(each.group, folds=folds) != k]

    out = _each_fold("without its source", measured, by_source, other_sources, fit, say)
    within = _each_fold("without its document", measured, by_document, other_documents, fit, say)
    first = [each for each, k in zip(measured, by_source, strict=True) if k == 0]
    curve = _curve(other_sources(0), first, fit, say)
    registers = [each.register or "unknown" for each in measured]
    return BySource(within, out, registers, len(fold_of_source), curve)


def source_of(annotation: Annotation) -> str:
    """The public collection that a sentence comes from, "" if none is named."""
    return str(annotation.extra.get("source") or "")


def source_folds(annotations: Sequence[Annotation], folds: int) -> dict[str, int]:
    """Divide sources into folds of about equally many sentences, the largest source first.

    Raises:
        NotEnoughData: there are fewer sources than folds.
    """
    sizes = Counter(source for each in annotations if (source := source_of(each)))
    if len(sizes) < folds:
        raise NotEnoughData(f"{len(sizes)} sources cannot make {folds} folds: label more sources")
    held = [0] * folds
    fold_of_source = {}
    for source, size in sorted(sizes.items(), key=lambda each: (-each[1], each[0])):
        fold_of_source[source] = k = held.index(min(held))
        held[k] += size
    return fold_of_source


def _measured(annotation: Annotation) -> bool:
    return bool(source_of(annotation)) and annotation.extra.get("draw") == "random"


def _each_fold(
    name: str,
    measured: Sequence[Annotation],
    folds: Sequence[int],
    others: Callable[[int], list[Annotation]],
    fit: FitAndPredict,
    say: Say,
) -> Predictions:
    """Predict each sentence by a model that was not fitted on its fold; in the given order."""
    order, parts = [], []
    for k in sorted(set(folds)):
        rows = [row for row, fold in enumerate(folds) if fold == k]
        train = others(k)
        say(f"{name}, {k + 1}/{max(folds) + 1}: {len(train):,} sentences for {len(rows):,}")
        parts.append(fit(train, [measured[row] for row in rows]))
        order += rows
    back = np.argsort(order)
    p, assigned = (
        np.concatenate([getattr(part, field) for part in parts])[back]
        for field in ("probabilities", "assigned")
    )
    return Predictions.of(p, assigned, measured)


def _curve(
    train: Sequence[Annotation], measured: Sequence[Annotation], fit: FitAndPredict, say: Say
) -> dict[int, Predictions]:
    """Predict the same sentences by models fitted on growing numbers of other sources."""
    sources = sorted({source for each in train if (source := source_of(each))})
    shuffled = np.random.default_rng(0).permutation(sources).tolist()
    curve = {}
    for share in _SHARES:
        kept = set(shuffled[: max(1, round(share * len(sources)))])
        part = [each for each in train if source_of(each) in kept | {""}]
        say(f"{len(kept)} sources: {len(part):,} sentences")
        curve[len(kept)] = fit(part, measured)
    return curve
