"""The serving path as one line: text, sentences, tokens, logits, probabilities, labels."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.artifact.folder import Artifact
from model.artifact.manifest import Manifest
from model.decide.calibration import probabilities
from model.decide.labels import Decision, choose_labels
from model.decide.second_opinion import Effort, doubts
from model.engines.choose import TOKEN_BUDGET
from model.engines.protocol import Engine, Logits
from model.network import Network, load_careful, load_network, strongest
from model.scored import ScoredSentence
from model.text.sentences import split_sentences
from model.text.tokens import SentenceEncoder
from model.text.units import CLAIMS, Sentence

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SecondReading:
    """The careful network's logits, (rows, stances), of the sentences at the positions `rows`."""

    rows: Sequence[int]
    logits: Logits


class StanceClassifier(Network):
    """Scores statements and sentences with one loaded model. Safe for concurrent calls.

    It is itself the model's fast network, which reads every sentence. `careful`, if the model has
    it and the effort is more than fast, reads some again.

    `classify`, `classify_each` and `score` do everything at once; a service calls the stages of
    `score` separately: `tokenise` and `logits`, `asked_twice`, `tokenise` and `logits` of
    `careful`, and `decide`.

    Attributes:
        careful: the network that is asked where this one doubts; None if none is.
        effort: how many sentences are read twice.
    """

    def __init__(
        self,
        encoder: SentenceEncoder,
        engine: Engine,
        manifest: Manifest,
        *,
        token_budget: int = TOKEN_BUDGET,
        careful: Network | None = None,
        effort: Effort = Effort.BALANCED,
    ) -> None:
        super().__init__(encoder, engine, token_budget=token_budget)
        self.manifest = manifest
        asked = careful is not None and manifest.careful is not None
        self.effort = effort if asked else Effort.FAST
        self.careful = careful if self.effort is not Effort.FAST else None
        self.foreseen = self.cost + self._share() * (careful.cost if careful else 0.0)

    @classmethod
    def around(
        cls, fast: Network, manifest: Manifest, *, careful: Network | None, effort: Effort
    ) -> "StanceClassifier":
        """Make the classifier of networks that are loaded."""
        return cls(
            fast._encoder,
            fast._engine,
            manifest,
            token_budget=fast.token_budget,
            careful=careful,
            effort=effort,
        )

    def at(self, effort: Effort) -> "StanceClassifier":
        """Return the same loaded model at another effort; one loaded as fast stays so."""
        return StanceClassifier.around(self, self.manifest, careful=self.careful, effort=effort)

    def classify(self, text: str) -> list[ScoredSentence]:
        """Split a statement into sentences and score each."""
        return self.score(split_sentences(text))

    def classify_each(self, texts: Sequence[str]) -> list[ScoredSentence]:
        """Score each text as one unit; offsets refer to that text."""
        return self.score([Sentence(i, 0, len(text), text) for i, text in enumerate(texts)])

    def score(self, sentences: Sequence[Sentence]) -> list[ScoredSentence]:
        """Score sentences that are already split; the result keeps their order.

        Raises:
            EngineFailure: an engine returned too few or non-finite logits.
        """
        windows = self.tokenise(sentences)
        logits = self.logits(windows.ids)
        second, rows = None, self.asked_twice(sentences, windows.counts, logits)
        if self.careful and rows:
            second = SecondReading(rows, self.careful.read([sentences[row] for row in rows]))
        return self.decide(sentences, windows.counts, logits, second)

    def asked_twice(
        self, sentences: Sequence[Sentence], counts: Sequence[int], logits: Logits
    ) -> list[int]:
        """Choose the sentences that the careful network reads too, by their positions.

        What claims nothing gets no label, and is never asked twice.
        """
        if not self.careful or not self.manifest.careful or not counts:
            return []
        claims = np.array([sentence.kind in CLAIMS for sentence in sentences])
        if self.effort is Effort.BALANCED:
            first = probabilities(strongest(logits, counts), self.manifest.calibration)
            claims &= doubts(first) > self.manifest.careful.blend.doubt
        return [int(row) for row in np.flatnonzero(claims)]

    def decide(
        self,
        sentences: Sequence[Sentence],
        counts: Sequence[int],
        logits: Logits,
        second: SecondReading | None = None,
    ) -> list[ScoredSentence]:
        """Decide the labels of sentences from the logits of their windows, `counts` each.

        `second` is the reading of those that `asked_twice` has named.
        """
        first = strongest(logits, counts)
        scores = probabilities(first, self.manifest.calibration)
        decisions = [self.manifest.decisions] * len(counts)
        again = frozenset(second.rows) if second else frozenset[int]()
        if second and self.manifest.careful:
            blend, rows = self.manifest.careful.blend, list(second.rows)
            both = blend.logits(first[rows], second.logits)
            scores[rows] = probabilities(both, blend.calibration)
            for row in rows:
                decisions[row] = blend.decisions
        parts = zip(sentences, scores.tolist(), decisions, counts, strict=True)
        return [
            _decided(*each, asked_twice=position in again) for position, each in enumerate(parts)
        ]

    def _share(self) -> float:
        """Expect this share of sentences to be asked twice."""
        if not self.careful or not self.manifest.careful:
            return 0.0
        return 1.0 if self.effort is Effort.CAREFUL else self.manifest.careful.share


def _decided(
    sentence: Sentence,
    scores: list[float],
    decisions: Sequence[Decision],
    windows: int,
    *,
    asked_twice: bool,
) -> ScoredSentence:
    if sentence.kind not in CLAIMS:
        return ScoredSentence(sentence, tuple(scores), (), (), windows)
    labels, uncertain = choose_labels(scores, decisions)
    return ScoredSentence(sentence, tuple(scores), labels, uncertain, windows, asked_twice)


def load_classifier(
    artifact: Artifact,
    *,
    threads: int | None = None,
    gpu: bool = False,
    effort: Effort = Effort.BALANCED,
) -> StanceClassifier:
    """Load a verified model; `threads` None means every core this process may use.

    `gpu` allows a GPU, where there is one. Its scores differ slightly from those of the manifest's
    engine, so that evaluation and promotion never use it.
    """
    careful, second = None, artifact.manifest.careful
    both = effort is not Effort.FAST and second is not None
    fast = load_network(artifact.fast, threads=threads, gpu=gpu, alone=not both)
    if both and artifact.careful and second:
        careful = load_careful(artifact.careful, threads=threads, cost=second.cost)
    manifest = artifact.manifest
    classifier = StanceClassifier.around(fast, manifest, careful=careful, effort=effort)
    why = "as asked" if classifier.effort is effort else "because the model has one network"
    _log.info("effort %s, %s", classifier.effort, why)
    return classifier
