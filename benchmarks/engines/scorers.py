"""The scorers that are compared: the project's classifier on every engine, and a pipeline."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import PreTrainedModel, pipeline

from benchmarks.engines.onnx import OnnxEngine, write_onnx, write_onnx_int8
from model.artifact.folder import CHECKPOINT, Artifact
from model.classifier import StanceClassifier
from model.command_line import Say
from model.engines.choose import TOKEN_BUDGET
from model.engines.openvino import OpenVinoEngine
from model.engines.protocol import Engine
from model.engines.torch import TorchEngine
from model.stance import STANCES
from model.text.tokens import SentenceEncoder
from training.fit.checkpoint import load_checkpoint
from training.fit.network import BaseEncoder, open_base_encoder
from training.release.export import export_graph
from training.release.hf_folder import export_hf_folder

Floats = NDArray[np.float64]
SHIPPED, REFERENCE, PIPELINE = "OpenVINO int8, 2 streams", "torch fp32", "pipeline, batch 32"


@dataclass(frozen=True)
class Scorer:
    """Scores texts: probabilities, (sentences, stances), tokenising included."""

    name: str
    score: Callable[[Sequence[str]], Floats]


class ScorerCatalogue:
    """Makes every scorer from one model folder; graphs are written into `folder`."""

    def __init__(self, artifact: Artifact, training: Sequence[str], folder: Path) -> None:
        self._artifact, self._training, self.folder = artifact, training, folder
        self.left_out: list[str] = []
        manifest = artifact.manifest
        self._encoder = SentenceEncoder.from_file(
            artifact.tokenizer, max_window=manifest.max_window, pad_id=manifest.pad_id
        )

    def scorers(self, say: Say) -> Iterator[Scorer]:
        """Yield every scorer as it is made, the reference first.

        A runtime that fails on this machine is left out, and `left_out` says why.
        """
        for make in (self._torch, self._pipelines, self._openvino, self._onnx):
            try:
                for scorer in make():
                    say(f"  made {scorer.name}")
                    yield scorer
            except Exception as error:  # a fault of one runtime must not end the comparison
                if make in (self._torch, self._pipelines):  # what all are compared with
                    raise
                self.left_out.append(f"{make.__name__.strip('_')}: {error!r:.300}")
                say(f"  left out {self.left_out[-1]}")

    def classifier_on(
        self, name: str, engine: Engine, *, token_budget: int = TOKEN_BUDGET
    ) -> Scorer:
        """Make a scorer of the project's own classifier on an engine."""
        classifier = StanceClassifier(
            self._encoder, engine, self._artifact.manifest, token_budget=token_budget
        )

        def score(texts: Sequence[str]) -> Floats:
            return np.array([row.scores for row in classifier.classify_each(texts)])

        return Scorer(name, score)

    def network(self) -> PreTrainedModel:
        """Load the network in fp32 from the model folder's checkpoint."""
        return load_checkpoint(self._artifact.folder / CHECKPOINT, self._base())

    def _base(self) -> BaseEncoder:
        provenance = self._artifact.manifest.provenance
        return open_base_encoder(
            provenance["base_model"], mask_names=provenance["recipe"]["mask_names"]
        )

    def _torch(self) -> Iterator[Scorer]:
        for name, dtype in ((REFERENCE, torch.float32), ("torch bf16", torch.bfloat16)):
            yield self.classifier_on(name, TorchEngine(self.network(), device="cpu", dtype=dtype))

    def _pipelines(self) -> Iterator[Scorer]:
        folder = self.folder / "hf"
        export_hf_folder(self._artifact, folder)
        for size in (1, 32):
            yield Scorer(f"pipeline, batch {size}", _pipeline(folder, size))

    def _onnx(self) -> Iterator[Scorer]:
        plain, int8 = self.folder / "fp32.onnx", self.folder / "int8.onnx"
        write_onnx(self.network(), self._encoder, plain)
        yield self.classifier_on("ONNX Runtime fp32", OnnxEngine(plain))
        write_onnx_int8(plain, int8, self._encoder, self._training)
        yield self.classifier_on("ONNX Runtime int8", OnnxEngine(int8))

    def _openvino(self) -> Iterator[Scorer]:
        plain = self.folder / "fp32.xml"
        export_graph(self.network(), self._encoder, self._training[:64], plain, engine="fp32")
        yield self.classifier_on("OpenVINO fp32", OpenVinoEngine(plain))
        yield self.classifier_on("OpenVINO bf16", OpenVinoEngine(plain, precision="bf16"))
        shipped = self._artifact.graph
        yield self.classifier_on("OpenVINO int8, 1 stream", OpenVinoEngine(shipped, streams=1))
        yield self.classifier_on(SHIPPED, OpenVinoEngine(shipped))
        yield self.classifier_on(
            "OpenVINO int8 over bf16", OpenVinoEngine(shipped, precision="bf16")
        )


def _pipeline(folder: Path, batch_size: int) -> Callable[[Sequence[str]], Floats]:
    scorer = pipeline(
        "text-classification", str(folder), top_k=None, batch_size=batch_size, device="cpu"
    )

    def score(texts: Sequence[str]) -> Floats:
        answers = scorer(list(texts), truncation=True)
        rows = [{each["label"]: each["score"] for each in answer} for answer in answers]
        return np.array([[row[stance] for stance in STANCES] for row in rows])

    return score
