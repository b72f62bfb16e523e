"""A tuned network and what was fitted around it to a verified model folder with report and card."""

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import numpy as np
from transformers import PreTrainedModel

from data.annotation import Annotation
from data.split import Split, part_of
from model.artifact import (
    CARD,
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
from training.calibrate import Fitted
from training.evaluate import Metrics, as_dict, measure, predict
from training.export import Parity, export_graph
from training.network import Base
from training.recipe import Recipe
from training.report import metrics_table, model_card, write_report

# Scores on one machine repeat to the last bit, but kernels of another CPU round differently, and a
# rounding that falls the other way moves an int8 score by up to 1.3e-2. A damaged or foreign model
# is off by tenths.
SCORE_TOLERANCE = 0.02
_GOLDEN_SENTENCES = 32
_PACKAGES = ("torch", "transformers", "tokenizers", "openvino", "nncf", "numpy")


@dataclass(frozen=True)
class TrainingRun:
    """What must be remembered of how a network was tuned."""

    version: str
    recipe: Recipe
    precision: str
    started: datetime
    best_epochs: list[int]
    fit_seconds: int


def package(
    folder: Path,
    network: PreTrainedModel,
    base: Base,
    fitted: Fitted,
    split: Split,
    run: TrainingRun,
) -> Artifact:
    """Write the model folder, whole or not at all, and open it again, verified."""
    with new_artifact(folder) as temporary:
        base.tokenizer.save(str(temporary / TOKENIZER))
        _write_stock_folder(temporary / HF_FOLDER, network, base, run.recipe.max_window)
        encoder = base.encoder(run.recipe.max_window)
        texts = [annotation.text for annotation in split.train]
        parity = export_graph(network, encoder, texts, temporary / GRAPH, engine=run.recipe.engine)
        draft = _manifest(base, fitted, run)
        engine = open_engine(draft.engine, temporary / GRAPH)
        classifier = StanceClassifier(encoder, engine, draft)
        predictions = predict(classifier, split.test)
        metrics = measure(predictions)
        write_report(temporary / REPORT_FOLDER, predictions, metrics, fitted.decisions)
        _write_golden(temporary / GOLDEN, classifier, split.test)
        provenance = _provenance(base, split, run, parity, metrics)
        manifest = replace(draft, provenance=provenance, metrics=as_dict(metrics))
        (temporary / CARD).write_text(model_card(manifest), encoding="utf-8")
        seal(temporary, manifest)
    return open_artifact(folder)


def data_fingerprint(annotations: Iterable[Annotation]) -> str:
    """sha256 over every sentence with its labels, in an order of its own."""
    return _fingerprint(f"{each.text}\t{','.join(each.labels)}" for each in annotations)


def split_fingerprint(annotations: Iterable[Annotation]) -> str:
    """sha256 over every sentence with its labels and the part it belongs to."""
    return _fingerprint(
        f"{each.text}\t{','.join(each.labels)}\t{part_of(each.group)}" for each in annotations
    )


def _fingerprint(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


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


def _provenance(
    base: Base, split: Split, run: TrainingRun, parity: Parity, metrics: Metrics
) -> Mapping[str, Any]:
    everything = [*split.train, *split.dev, *split.test]
    return {
        "base_model": base.name,
        "base_sha256": base.sha256,
        "data_fingerprint": data_fingerprint(everything),
        "split_fingerprint": split_fingerprint(everything),
        "recipe": asdict(run.recipe),
        "precision": run.precision,
        "best_epochs": run.best_epochs,
        "started": run.started.isoformat(timespec="seconds"),
        "seconds": run.fit_seconds,
        "cpu": _cpu(),
        "python": platform.python_version(),
        "packages": {name: package_version(name) for name in _PACKAGES},
        "counts": {part: len(getattr(split, part)) for part in ("train", "dev", "test")},
        "parity": asdict(parity),
        "table": metrics_table(metrics),
    }


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _write_stock_folder(
    folder: Path, network: PreTrainedModel, base: Base, max_window: int
) -> None:
    """What `transformers.pipeline` loads: weights in safetensors, and the same tokenizer."""
    network.save_pretrained(folder)
    base.transformers_tokenizer(max_window).save_pretrained(folder)


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
