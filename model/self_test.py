"""Self-test of a loaded model: golden sentences must get the scores that training recorded."""

import hashlib

from model.artifact.folder import Artifact
from model.classifier import StanceClassifier, load_classifier
from model.engines.choose import choose_engine
from model.errors import GoldenMismatch
from model.stance import STANCES
from model.text.units import Sentence


def load_tested_classifier(
    artifact: Artifact, *, threads: int | None = None, gpu: bool = False
) -> StanceClassifier:
    """Load a verified model and test it on its golden sentences; see load_classifier.

    Raises:
        GoldenMismatch: a probability differs by more than the manifest's `score_tolerance`; on a
            GPU the measured change by quantisation is allowed in addition.
    """
    classifier = load_classifier(artifact, threads=threads, gpu=gpu)
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
    golden = artifact.golden()
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
    logits = classifier.logits(classifier.tokenise(sentences).ids)
    return hashlib.sha256(logits.tobytes()).hexdigest()
