"""A trained model to a verified model folder with its report and card."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from data.annotation.annotation import Annotation
from data.annotation.split import Split
from model.artifact.folder import (
    CAREFUL_FOLDER,
    CHECKPOINT,
    GOLDEN,
    GRAPH,
    HF_FOLDER,
    TOKENIZER,
    Artifact,
    new_artifact,
    open_artifact,
    seal,
)
from model.artifact.manifest import Manifest
from model.classifier import StanceClassifier
from model.decide.second_opinion import Effort
from model.engines.graph import split_weights
from model.network import load_careful, load_network
from model.stance import STANCES
from training.fit.checkpoint import save_checkpoint
from training.fit.fit import FittedNetwork
from training.fit.network import BaseEncoder
from training.release.careful import SecondOpinion, relative_cost
from training.release.export import export_graph
from training.release.hf_folder import write_hf_folder
from training.release.provenance import TrainingRun, provenance
from training.report.write import EvaluationPlan, write_report

# One machine repeats scores to the last bit. Another CPU rounds differently, which moves an int8
# score by up to 1.3e-2; a damaged or wrong model is off by tenths.
SCORE_TOLERANCE = 0.02
_GOLDEN_SENTENCES = 32


@dataclass(frozen=True)
class TrainedModel:
    """A fitted and calibrated network, and what it was made from.

    Attributes:
        second: of a model with two networks, the other one.
    """

    base: BaseEncoder
    fitted: FittedNetwork
    split: Split
    run: TrainingRun
    second: SecondOpinion | None = None


def write_model_folder(folder: Path, trained: TrainedModel, evaluation: EvaluationPlan) -> Artifact:
    """Write the model folder, whole or not at all, and open it again, verified."""
    base, network, calibration = trained.base, trained.fitted.network, trained.fitted.calibration
    split, run, window = trained.split, trained.run, trained.run.recipe.max_window
    encoder = base.encoder(window)
    with new_artifact(folder) as temporary:
        base.tokenizer.save(str(temporary / TOKENIZER))
        save_checkpoint(temporary / CHECKPOINT, network, base)
        write_hf_folder(
            temporary / HF_FOLDER, network, base, calibration.calibration, max_window=window
        )
        texts = [annotation.text for annotation in split.fitted]
        parity = export_graph(network, encoder, texts, temporary / GRAPH, engine=run.recipe.engine)
        split_weights(temporary / GRAPH)
        origin = {**provenance(base, split, run), "parity": asdict(parity)}
        classifier = _classifier(temporary, trained, _draft_manifest(trained, origin))
        _write_golden(temporary / GOLDEN, classifier, split.test)
        manifest = write_report(temporary, classifier, split.test, evaluation)
        seal(temporary, manifest)
    return open_artifact(folder)


def _classifier(folder: Path, trained: TrainedModel, draft: Manifest) -> StanceClassifier:
    """Load what was exported to `folder`, with the second network written there too."""
    fast = load_network(Artifact(folder, draft).fast)
    if trained.second is None:
        return StanceClassifier.around(fast, draft, careful=None, effort=Effort.FAST)
    careful = load_careful(trained.second.careful.write(folder / CAREFUL_FOLDER))
    cost = relative_cost(fast, careful, trained.split.fitted)
    whole = replace(draft, careful=trained.second.described(cost))
    return StanceClassifier.around(fast, whole, careful=careful, effort=Effort.BALANCED)


def _draft_manifest(trained: TrainedModel, origin: Mapping[str, Any]) -> Manifest:
    """Make the manifest without what is known last: the metrics and the files' sha256."""
    run, calibration = trained.run, trained.fitted.calibration
    return Manifest(
        version=run.version,
        engine=run.recipe.engine,
        max_window=run.recipe.max_window,
        pad_id=trained.base.pad_id,
        normalisation=TOKENIZER,
        calibration=calibration.calibration,
        decisions=calibration.decisions,
        score_tolerance=SCORE_TOLERANCE,
        provenance=origin,
        metrics={},
        files={},
    )


def _write_golden(
    path: Path, classifier: StanceClassifier, annotations: Sequence[Annotation]
) -> None:
    """Write sentences spread over the test part with the scores that every later load must give.

    Of a model with two networks they are those of the fast one alone, and those of both.
    """
    count = min(_GOLDEN_SENTENCES, len(annotations))
    picks = np.linspace(0, len(annotations) - 1, count).astype(int)
    texts = [annotations[i].text for i in picks]
    fields = {"scores": _scores(classifier.at(Effort.FAST), texts)}
    if classifier.careful:
        fields["asked_twice"] = _scores(classifier.at(Effort.CAREFUL), texts)
    with path.open("w", encoding="utf-8") as file:
        for i, text in enumerate(texts):
            line = {"text": text, **{name: rows[i] for name, rows in fields.items()}}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _scores(classifier: StanceClassifier, texts: Sequence[str]) -> list[dict[str, float]]:
    return [
        {stance: round(score, 6) for stance, score in zip(STANCES, row.scores, strict=True)}
        for row in classifier.classify_each(texts)
    ]
