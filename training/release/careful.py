"""A trained network as the second one of another model: found, measured, copied as it is."""

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.annotation.annotation import Annotation
from model.artifact.folder import Artifact, StoredNetwork
from model.artifact.manifest import Careful
from model.engines.graph import engine_files, split_weights
from model.engines.protocol import Logits
from model.network import Network, load_careful
from model.text.units import Sentence
from training.fit.second_opinion import FittedBlend

_TIMED_SENTENCES, _ROUNDS = 64, 3


@dataclass(frozen=True)
class CarefulNetwork:
    """A network that is kept as it is: where its files are, and how it was made."""

    stored: StoredNetwork
    provenance: Mapping[str, Any]

    def logits(self, annotations: Sequence[Annotation]) -> Logits:
        """Compute its logits of annotated sentences, (sentences, stances), by its engine."""
        return load_careful(self.stored).read(_sentences(annotations))

    def write(self, folder: Path) -> StoredNetwork:
        """Copy what serves to `folder`; no file is over what hosts of repositories take."""
        folder.mkdir()
        for path in (self.stored.tokenizer, *engine_files(self.stored.graph)):
            shutil.copyfile(path, folder / path.name)
        stored = self.stored
        written = StoredNetwork(folder, stored.engine, stored.max_window, stored.pad_id)
        if written.graph.with_suffix(".bin").exists():
            split_weights(written.graph)
        return written


@dataclass(frozen=True)
class SecondOpinion:
    """A careful network, and the blend of its answers with a fast network's."""

    careful: CarefulNetwork
    fitted: FittedBlend

    def described(self, cost: float) -> Careful:
        """Describe it for the manifest."""
        stored, fitted = self.careful.stored, self.fitted
        return Careful(
            engine=stored.engine,
            max_window=stored.max_window,
            pad_id=stored.pad_id,
            cost=round(cost, 2),
            share=fitted.share,
            blend=fitted.blend,
            provenance=self.careful.provenance,
        )


def careful_of(artifact: Artifact) -> CarefulNetwork:
    """Take the careful network of a model with two, or the only one of a model with one."""
    careful = artifact.manifest.careful
    if artifact.careful and careful:
        return CarefulNetwork(artifact.careful, careful.provenance)
    manifest = artifact.manifest
    return CarefulNetwork(artifact.fast, {"version": manifest.version, **manifest.provenance})


def relative_cost(
    fast: Network,
    careful: Network,
    annotations: Sequence[Annotation],
    *,
    clock: Callable[[], float] = time.process_time,
) -> float:
    """Measure what the careful network takes for a sentence, as a multiple of the fast one.

    They take turns, and the fastest round of each counts.
    """
    sentences = _sentences(annotations[:_TIMED_SENTENCES])
    seconds = {fast: float("inf"), careful: float("inf")}
    for _ in range(_ROUNDS):
        for network in (fast, careful):
            began = clock()
            network.read(sentences)
            seconds[network] = min(seconds[network], clock() - began)
    return max(seconds[careful] / max(seconds[fast], 1e-6), 0.01)


def _sentences(annotations: Sequence[Annotation]) -> list[Sentence]:
    return [Sentence(i, 0, len(each.text), each.text) for i, each in enumerate(annotations)]
