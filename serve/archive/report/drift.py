"""Whether an archive is like what the model was measured on, so that its figures hold for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.stance import STANCES
from serve.archive.report.figures import Figure
from serve.archive.report.gather import Documents
from serve.archive.report.vocabulary import Vocabulary

# From where on an archive counts as different: a choice, no measurement, which the page says.
_RATE_CHANGE, _DOUBT_TIMES, _FOREIGN = 0.10, 1.5, 0.05


@dataclass(frozen=True)
class Sign:
    """One comparison; `other` is what follows if the archive is not like the measured documents."""

    name: str
    here: str
    measured: str
    differs: bool
    other: str


def signs(
    documents: Documents, whole: Figure, metrics: Mapping[str, Any], vocabulary: Vocabulary
) -> list[Sign]:
    """Compare rates of labels, doubt, language and words."""
    sums = np.array(documents.odd, float).reshape(-1, 4).sum(axis=0)
    share = sums / max(1, whole.sentences)
    return [
        *_rates(documents, metrics),
        *_doubt(float(share[0]), metrics),
        Sign(
            "sentences not in English",
            f"{share[1]:.1%}",
            "none",
            bool(share[1] > _FOREIGN),
            "The model has only learnt English: leave these documents out.",
        ),
        *_words(documents, vocabulary),
    ]


def _rates(documents: Documents, metrics: Mapping[str, Any]) -> Iterator[Sign]:
    table = documents.table().sum(axis=0)
    for i, stance in enumerate(STANCES, 1):
        try:
            measured = _labelled(metrics, stance)
        except (KeyError, TypeError, ZeroDivisionError):
            continue
        here = float(table[i] / max(1.0, table[0]))
        yield Sign(
            f"labelled {stance}",
            f"{here:.1%}",
            f"{measured:.1%}",
            abs(here - measured) > _RATE_CHANGE,
            f"The published precision and F1 of {stance} are of another mix of sentences; "
            "corrected shares use only rates that do not depend on the mix.",
        )


def _labelled(metrics: Mapping[str, Any], stance: str) -> float:
    """The share of measured sentences that the model gave a stance: recall over precision."""
    each = metrics["stances"][stance]
    base = each["positives"] / metrics["sentences"]
    return float(base * each["recall"]["value"] / each["precision"]["value"])


def _doubt(here: float, metrics: Mapping[str, Any]) -> Iterator[Sign]:
    try:
        measured = float(metrics["uncertain"]["share"])
    except (KeyError, TypeError):
        return
    yield Sign(
        "sentences in doubt",
        f"{here:.1%}",
        f"{measured:.1%}",
        here > _DOUBT_TIMES * measured,
        "The model is unsure more often than where it was measured: its published figures are too "
        "good for this archive. Label a random sample of it (make queue) and give it as LABELS=.",
    )


def _words(documents: Documents, vocabulary: Vocabulary) -> Iterator[Sign]:
    """The middle document against the middle and the odd documents of the corpus."""
    odd = np.array(documents.odd, float).reshape(-1, 4)
    counted = odd[odd[:, 2] > 0]
    if not vocabulary.words or not len(counted):
        return
    here = float(np.median(counted[:, 3] / counted[:, 2]))
    yield Sign(
        "words that the corpus lacks, in the middle document",
        f"{here:.1%}",
        f"{vocabulary.usual:.1%}; one document in twenty has over {vocabulary.high:.1%}",
        here > vocabulary.high,
        "The archive speaks of other things, or in another way, than what the model has learnt "
        "from: its published figures do not describe it. Label a random sample of it (make queue).",
    )
