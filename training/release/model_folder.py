"""A tuned network and what was fitted around it to a verified model folder with report and card."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from transformers import PreTrainedModel

from data.annotation.annotation import Annotation
from data.annotation.split import Split
from model.artifact.folder import (
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
from model.engines.choose import choose_engine, open_engine
from model.stance import STANCES
from training.fit.calibrate import Fitted
from training.fit.checkpoint import save_checkpoint
from training.fit.network import Base
from training.release.export import export_graph
from training.release.hf_folder import write_stock_folder
from training.release.provenance import TrainingRun, provenance
from training.report.write import Yardsticks, document

# Scores on one machine repeat to the last bit, but kernels of another CPU round differently, and a
# rounding that falls the other way moves an int8 score by up to 1.3e-2. A damaged or foreign model
# is off by tenths.
SCORE_TOLERANCE = 0.02
_GOLDEN_SENTENCES = 32


@dataclass(frozen=True)
class Trained:
    """A tuned network with what was fitted around it, and what it was made from."""

    network: PreTrainedModel
    base: Base
    fitted: Fitted
    split: Split
    run: TrainingRun


def package(folder: Path, trained: Trained, yardsticks: Yardsticks) -> Artifact:
    """Write the model folder, whole or not at all, and open it again, verified."""
    network, base, fitted = trained.network, trained.base, trained.fitted
    split, run, window = trained.split, trained.run, trained.run.recipe.max_window
    encoder = base.encoder(window)
    with new_artifact(folder) as temporary:
        base.tokenizer.save(str(temporary / TOKENIZER))
        save_checkpoint(temporary / CHECKPOINT, network, base)
        write_stock_folder(
            temporary / HF_FOLDER, network, base, fitted.calibration, max_window=window
        )
        texts = [annotation.text for annotation in split.fitted]
        parity = export_graph(network, encoder, texts, temporary / GRAPH, engine=run.recipe.engine)
        origin = {**provenance(base, split, run), "parity": asdict(parity)}
        draft = _manifest(base, fitted, run, origin)
        graph = temporary / GRAPH
        engine = open_engine(choose_engine(draft.engine, graph), graph)
        classifier = StanceClassifier(encoder, engine, draft)
        _write_golden(temporary / GOLDEN, classifier, split.test)
        manifest = document(temporary, classifier, split.test, yardsticks)
        seal(temporary, manifest)
    return open_artifact(folder)


def _manifest(base: Base, fitted: Fitted, run: TrainingRun, origin: Mapping[str, Any]) -> Manifest:
    return Manifest(
        version=run.version,
        engine=run.recipe.engine,
        max_window=run.recipe.max_window,
        pad_id=base.pad_id,
        normalisation=TOKENIZER,
        calibration=fitted.calibration,
        decisions=fitted.decisions,
        score_tolerance=SCORE_TOLERANCE,
        provenance=origin,
        metrics={},
        files={},
    )


def _write_golden(
    path: Path, classifier: StanceClassifier, annotations: Sequence[Annotation]
) -> None:
    """Sentences spread over the test part, with the scores every later load must reproduce."""
    count = min(_GOLDEN_SENTENCES, len(annotations))
    picks = np.linspace(0, len(annotations) - 1, count).astype(int)
    scored = classifier.classify_each([annotations[i].text for i in picks])
    with path.open("w", encoding="utf-8") as file:
        for row in scored:
            scores = {
                stance: round(score, 6) for stance, score in zip(STANCES, row.scores, strict=True)
            }
            line = {"text": row.sentence.text, "scores": scores}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
