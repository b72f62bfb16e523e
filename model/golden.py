"""The self-test of a loaded model: golden sentences must get the scores they got in training."""

from model.artifact import Artifact
from model.classifier import StanceClassifier, load_classifier
from model.errors import GoldenMismatch
from model.stance import STANCES


def open_proven(artifact: Artifact, *, threads: int | None = None) -> StanceClassifier:
    """Load a verified model and let it prove itself on its golden sentences.

    Raises:
        GoldenMismatch: a probability differs by more than the manifest's `score_tolerance`.
    """
    classifier = load_classifier(artifact, threads=threads)
    worst = golden_difference(classifier, artifact)
    tolerance = artifact.manifest.score_tolerance
    if worst > tolerance:
        raise GoldenMismatch(
            f"a golden sentence's score is off by {worst:.4f}, over the {tolerance} allowed: "
            "this model does not run rightly on this machine and is not used"
        )
    return classifier


def golden_difference(classifier: StanceClassifier, artifact: Artifact) -> float:
    """The largest |difference| of a golden sentence's probability from the one it must get."""
    golden = artifact.golden()
    scored = classifier.classify_each([text for text, _ in golden])
    return max(
        abs(score - expected[stance])
        for row, (_, expected) in zip(scored, golden, strict=True)
        for stance, score in zip(STANCES, row.scores, strict=True)
    )
