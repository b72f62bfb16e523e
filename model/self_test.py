"""Self-test of a loaded model: golden sentences must get the scores that training recorded."""

import hashlib
from collections.abc import Mapping, Sequence

from model.artifact.folder import Artifact
from model.classifier import StanceClassifier, load_classifier
from model.decide.second_opinion import Effort
from model.engines.choose import choose_engine
from model.errors import GoldenMismatch
from model.stance import STANCES
from model.text.units import Sentence


def load_tested_classifier(
    artifact: Artifact,
    *,
    threads: int | None = None,
    gpu: bool = False,
    effort: Effort = Effort.BALANCED,
) -> StanceClassifier:
    """Load a verified model and test it on its golden sentences; see load_classifier.

    Every golden sentence is read by the fast network alone and, unless the effort is fast, by both.

    Raises:
        GoldenMismatch: a probability differs by more than the manifest's `score_tolerance`; on a
            GPU the measured change by quantisation is allowed in addition.
    """
    classifier = load_classifier(artifact, threads=threads, gpu=gpu, effort=effort)
    worst = golden_difference(classifier, artifact)
    tolerance = _tolerance(artifact, gpu=gpu)
    if worst > tolerance:
        raise GoldenMismatch(
            f"a golden sentence's score is off by {worst:.4f}, over the {tolerance} allowed: "
            "this model does not work correctly on this machine and is not used"
        )
    return classifier


def _tolerance(artifact: Artifact, *, gpu: bool) -> float:
    manifest = artifact.manifest
    if choose_engine(manifest.engine, artifact.graph, gpu=gpu).same_scores:
        return manifest.score_tolerance
    return manifest.score_tolerance + float(manifest.provenance["parity"]["engine"])


def golden_difference(classifier: StanceClassifier, artifact: Artifact) -> float:
    """Return the largest |difference| of a golden sentence's probability from the recorded one."""
    fast = _difference(classifier.at(Effort.FAST), artifact.golden())
    if not classifier.careful:
        return fast
    both = _difference(classifier.at(Effort.CAREFUL), artifact.golden(asked_twice=True))
    return max(fast, both)


def _difference(
    classifier: StanceClassifier, golden: Sequence[tuple[str, Mapping[str, float]]]
) -> float:
    scored = classifier.classify_each([text for text, _ in golden])
    return max(
        abs(score - expected[stance])
        for row, (_, expected) in zip(scored, golden, strict=True)
        for stance, score in zip(STANCES, row.scores, strict=True)
    )


def numerics(classifier: StanceClassifier, artifact: Artifact) -> str:
    """Return the sha256 of the raw logits of the golden sentences: which arithmetic this is.

    Two machines with the same digest give the same scores to the last bit. Families of CPUs differ:
    archives that mix them would mix two instruments.
    """
    texts = [text for text, _ in artifact.golden()]
    sentences = [Sentence(i, 0, len(text), text) for i, text in enumerate(texts)]
    networks = [classifier, *([classifier.careful] if classifier.careful else [])]
    logits = [each.logits(each.tokenise(sentences).ids).tobytes() for each in networks]
    return hashlib.sha256(b"".join(logits)).hexdigest()
