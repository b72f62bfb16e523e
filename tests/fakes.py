"""Stand-ins that behave like the real thing, small enough to see through."""

from collections.abc import Sequence

import numpy as np

from model.calibration import Platt
from model.classifier import ScoredSentence
from model.engines.protocol import Logits
from model.labels import Decision, choose_labels
from model.manifest import Manifest
from model.sentences import Sentence
from model.stance import STANCES
from model.tokens import TokenBatch

DECISIONS = (Decision(0.5, 0.4, 0.6, 0.75),) * 3


def manifest(**changes: object) -> Manifest:
    """A valid manifest, with the fields named changed."""
    fields: dict[str, object] = {
        "version": "v1",
        "engine": "openvino-fp32",
        "max_window": 16,
        "pad_id": 0,
        "normalisation": "tokenizer.json",
        "calibration": (Platt(1.0, 0.0),) * 3,
        "decisions": DECISIONS,
        "score_tolerance": 0.02,
        "provenance": {"base_model": "tiny", "started": "2026-01-01T00:00:00+00:00"},
        "metrics": {"sentences": 0},
        "files": {},
    }
    return Manifest(**{**fields, **changes})  # type: ignore[arg-type]


class FakeClassifier:
    """Finds a stance where the sentence names it; "BOOM" makes it fail.

    Not a model: it lets tests of the service say what each sentence should come back with.
    """

    def __init__(self) -> None:
        self.manifest = manifest()

    def score(self, sentences: Sequence[Sentence]) -> list[ScoredSentence]:
        if any("BOOM" in sentence.text for sentence in sentences):
            raise RuntimeError("the engine blew up over secret text")
        return [self._one(sentence) for sentence in sentences]

    def classify_each(self, texts: Sequence[str]) -> list[ScoredSentence]:
        return self.score([Sentence(i, 0, len(text), text) for i, text in enumerate(texts)])

    def _one(self, sentence: Sentence) -> ScoredSentence:
        scores = tuple(0.9 if stance in sentence.text else 0.1 for stance in STANCES)
        labels, uncertain = choose_labels(scores, self.manifest.decisions)
        return ScoredSentence(sentence, scores, labels, uncertain, windows=1)


class FakeEngine:
    """Answers each window with logits made of its own token ids, so that mix-ups show.

    The three logits of a window are its largest token id, its number of tokens, and 1.
    """

    def __init__(self) -> None:
        self.batches: list[TokenBatch] = []

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        self.batches += batches
        return [
            np.stack(
                [
                    batch.input_ids.max(axis=1),
                    batch.attention_mask.sum(axis=1),
                    np.ones(len(batch.rows)),
                ],
                axis=1,
            ).astype(np.float32)
            for batch in batches
        ]
