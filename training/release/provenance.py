"""How a model came to be: what it was made from, with what, where and how long it took."""

import hashlib
import platform
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

from data.annotation.annotation import Annotation
from data.annotation.split import Split
from model.artifact.folder import MANIFEST, sha256_file
from model.artifact.manifest import read_manifest
from model.errors import ArtifactError
from model.registry.reading import read_folder
from training.fit.network import BaseEncoder
from training.recipe import BASE, Recipe

_PARTS = ("train", "extra", "dev", "test")
_PACKAGES = ("torch", "transformers", "tokenizers", "openvino", "nncf", "numpy")


@dataclass(frozen=True)
class TrainingRun:
    """How a network was fitted, for the manifest.

    Attributes:
        unlabelled: number of texts without labels that got soft labels for the final fit.
        cpu_seconds: processor time of the whole process, over all cores.
    """

    version: str
    recipe: Recipe
    precision: str
    started: datetime
    best_epochs: list[int]
    unlabelled: int
    fit_seconds: int
    cpu_seconds: int


def provenance(base: BaseEncoder, split: Split, run: TrainingRun) -> Mapping[str, Any]:
    """Return all that is known of a run before anything is measured, as JSON can hold it."""
    counts = {part: len(getattr(split, part)) for part in _PARTS}
    sources = Counter(
        str(each.extra.get("source", "annotations of the project or its user"))
        for part in _PARTS
        for each in getattr(split, part)
    )
    return {
        "base_model": base.name,
        "base_sha256": base.sha256,
        "start": _start(run.recipe),
        "teacher_sha256": sha256_file(Path(run.recipe.teacher)) if run.recipe.teacher else None,
        "data_fingerprint": data_fingerprint(split),
        "split_fingerprint": split_fingerprint(split),
        "recipe": asdict(run.recipe),
        "precision": run.precision,
        "best_epochs": run.best_epochs,
        "started": run.started.isoformat(timespec="seconds"),
        "seconds": run.fit_seconds,
        "energy": f"{run.cpu_seconds / 3600:.2f} core-hours; no power meter was there to read",
        "cpu": _cpu(),
        "python": platform.python_version(),
        "packages": {name: package_version(name) for name in _PACKAGES},
        "counts": {**counts, "unlabelled": run.unlabelled},
        "sources": dict(sources.most_common()),
    }


def find_trained(folders: Iterable[Path], split: Split, recipe: Recipe) -> Path | None:
    """Find a model that was trained on exactly this with this recipe."""
    fingerprint = split_fingerprint(split)
    for folder in folders:
        origin: Mapping[str, Any] = {}
        with suppress(ArtifactError):  # a damaged folder is no reason not to train
            origin = read_folder(folder).provenance
        same = origin.get("split_fingerprint") == fingerprint
        if same and origin.get("recipe") == asdict(recipe):
            return folder
    return None


def new_version(split: Split, started: datetime) -> str:
    """Name a model by the time its training started and what it was trained on."""
    return f"{started:%Y%m%dT%H%M%S}-{split_fingerprint(split)[:8]}"


def data_fingerprint(split: Split) -> str:
    """Return the sha256 over every sentence with its labels, whatever their order."""
    return _fingerprint(f"{_line(each)}" for part in _PARTS for each in getattr(split, part))


def split_fingerprint(split: Split) -> str:
    """Return the sha256 over every sentence with its labels and its part of the split."""
    return _fingerprint(
        f"{_line(each)}\t{part}" for part in _PARTS for each in getattr(split, part)
    )


def _start(recipe: Recipe) -> str:
    """Return the version whose checkpoint was tuned further, or "base"."""
    if recipe.start == BASE:
        return BASE
    return read_manifest((Path(recipe.start) / MANIFEST).read_text(encoding="utf-8")).version


def _line(annotation: Annotation) -> str:
    return f"{annotation.text}\t{','.join(annotation.labels)}"


def _fingerprint(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
