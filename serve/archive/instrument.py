"""What scores an archive: a tested model on an engine, and what makes both recognisable."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model.artifact.folder import COMPLETE, Artifact
from model.classifier import StanceClassifier
from model.decide.second_opinion import Effort
from model.engines.choose import TORCH_GPU, choose_engine
from model.repeats import ScoreOnce
from model.self_test import golden_difference, load_tested_classifier, numerics
from serve.archive.fingerprint import machine


@dataclass(frozen=True)
class Instrument:
    """A model on an engine.

    Attributes:
        fingerprint: what decides its scores; part of that of the run.
        described: what else to say of it: the machine, how far its scores are from the recorded.
        concurrency: how many parts at once keep the engine busy.
    """

    scorer: ScoreOnce
    fingerprint: Mapping[str, Any]
    described: Mapping[str, Any]
    concurrency: int = 2

    @classmethod
    def of(cls, classifier: StanceClassifier, *, numerics: str = "") -> "Instrument":
        """Take a classifier that is in memory; `numerics` says what its arithmetic is."""
        version = classifier.manifest.version
        engine = {"name": classifier.manifest.engine, "numerics": numerics}
        fingerprint = {"model": {"version": version, "digest": ""}, "engine": engine}
        return cls(ScoreOnce(classifier), fingerprint, {})


def load_instrument(
    artifact: Artifact,
    *,
    gpu: bool = True,
    threads: int | None = None,
    effort: Effort = Effort.BALANCED,
) -> Instrument:
    """Load a model and test it on its golden sentences; `threads` None means every core.

    Raises:
        GoldenMismatch: it does not work correctly on this machine.
    """
    classifier = load_tested_classifier(artifact, gpu=gpu, threads=threads, effort=effort)
    choice = choose_engine(artifact.manifest.engine, artifact.graph, gpu=gpu)
    complete = (artifact.folder / COMPLETE).read_text(encoding="ascii").strip()
    fingerprint = {
        "model": {"version": artifact.manifest.version, "digest": complete},
        "engine": {"name": choice.engine, "numerics": numerics(classifier, artifact)},
        "effort": str(classifier.effort),
    }
    described = {
        **machine(),
        "golden_difference": round(golden_difference(classifier, artifact), 6),
        "score_tolerance": artifact.manifest.score_tolerance,
        "same_scores": "to the last bit on machines with the same numerics; on others scores "
        "differ, within the tolerance on the golden sentences (docs/archives.md has measurements)",
    }
    # a GPU's products depend on the shape of their batch: nothing is remembered across parts
    remembered = {"remembered": 0} if choice.engine == TORCH_GPU else {}
    return Instrument(ScoreOnce(classifier, **remembered), fingerprint, described)
