"""A tuned network and what was fitted around it to a verified model folder with report and card."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
from transformers import PreTrainedModel

from data.annotation import Annotation
from data.behaviour import Case
from data.split import Split
from model.artifact import (
    CARD,
    CHECKPOINT,
    GOLDEN,
    GRAPH,
    HF_FOLDER,
    REPORT_FOLDER,
    TOKENIZER,
    Artifact,
    new_artifact,
    open_artifact,
    seal,
)
from model.classifier import StanceClassifier
from model.engines.choose import open_engine
from model.manifest import Manifest
from model.stance import STANCES
from training.assess import Assessment, assess, summary
from training.behaviour import behaviour_table
from training.calibrate import Fitted
from training.card import model_card
from training.checkpoint import save_checkpoint
from training.export import export_graph
from training.network import Base
from training.provenance import TrainingRun, provenance
from training.report import study_table, write_report
from training.stock import write_stock_folder
from training.study import Study
from training.tables import metrics_table, slices_table

# Scores on one machine repeat to the last bit, but kernels of another CPU round differently, and a
# rounding that falls the other way moves an int8 score by up to 1.3e-2. A damaged or foreign model
# is off by tenths.
SCORE_TOLERANCE = 0.02
_GOLDEN_SENTENCES = 32


@dataclass(frozen=True)
class Yardsticks:
    """What a new model is measured on and compared with.

    Attributes:
        measured: named sets of annotations beside the test part.
        shipped: the model that ships now.
        study: baselines and learning curve on the same data.
    """

    measured: Mapping[str, Sequence[Annotation]] = field(default_factory=dict)
    cases: Sequence[Case] = ()
    shipped: StanceClassifier | None = None
    study: Study | None = None


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
        draft = _manifest(base, fitted, run)
        classifier = StanceClassifier(encoder, open_engine(draft.engine, temporary / GRAPH), draft)
        sets = {"test": split.test, **yardsticks.measured}
        assessment = assess(classifier, sets, yardsticks.cases, yardsticks.shipped)
        write_report(temporary / REPORT_FOLDER, assessment, fitted.decisions, yardsticks.study)
        _write_golden(temporary / GOLDEN, classifier, split.test)
        origin = {**provenance(base, split, run), "parity": asdict(parity)}
        manifest = replace(draft, provenance=origin, metrics=summary(assessment))
        card = model_card(manifest, _tables(assessment, yardsticks.study))
        (temporary / CARD).write_text(card, encoding="utf-8")
        seal(temporary, manifest)
    return open_artifact(folder)


def _tables(assessment: Assessment, study: Study | None) -> dict[str, str]:
    tables = {}
    for name, examined in assessment.sets.items():
        tables[_title(name)] = metrics_table(examined.metrics)
        if examined.slices:
            tables[f"{_title(name)}, in parts"] = slices_table(examined.slices)
    if assessment.behaviour:
        tables["Behaviour"] = behaviour_table(assessment.behaviour)
    if study:
        tables["Other ways, trained on the same data"] = study_table(study, assessment.predictions)
    return tables


def _title(name: str) -> str:
    return "The corpus's test documents" if name == "test" else f"Measured besides: {name}"


def _manifest(base: Base, fitted: Fitted, run: TrainingRun) -> Manifest:
    return Manifest(
        version=run.version,
        engine=run.recipe.engine,
        max_window=run.recipe.max_window,
        pad_id=base.pad_id,
        normalisation=TOKENIZER,
        calibration=fitted.calibration,
        decisions=fitted.decisions,
        score_tolerance=SCORE_TOLERANCE,
        provenance={},
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
