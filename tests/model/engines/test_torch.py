"""The GPU engine, run on a CPU: the scores of fp32 torch, from the checkpoint of any model."""

from pathlib import Path

import numpy as np
import pytest

from data.annotation import Annotation
from model.artifact import CHECKPOINT, Artifact, open_artifact
from model.classifier import StanceClassifier
from model.engines.torch import TorchEngine, open_network
from model.errors import BaseModelError
from model.registry import SHIPPED
from model.text.tokens import SentenceEncoder

BOUND = 5e-3


def scores(artifact: Artifact, texts: list[str], precision: str, *, token_budget: int):
    """Probabilities by torch on the CPU, (sentences, stances)."""
    import torch  # noqa: PLC0415 - heavy, beside its only use

    manifest = artifact.manifest
    encoder = SentenceEncoder.from_file(
        artifact.tokenizer, max_window=manifest.max_window, pad_id=manifest.pad_id
    )
    network = open_network(artifact.folder / CHECKPOINT)
    engine = TorchEngine(network, device="cpu", dtype=getattr(torch, precision))
    line = StanceClassifier(encoder, engine, manifest, token_budget=token_budget)
    return np.array([row.scores for row in line.classify_each(texts)])


def test_fp16_in_large_batches_gives_the_scores_of_fp32_in_small_ones(corpus: list[Annotation]):
    artifact = open_artifact(SHIPPED)
    texts = [each.text for each in corpus[::60]]

    small = scores(artifact, texts, "float32", token_budget=64)
    large = scores(artifact, texts, "float16", token_budget=65_536)

    assert 0 < np.abs(small - large).max() <= BOUND


@pytest.mark.filterwarnings("ignore:overflow encountered in exp")  # in transformers' own sigmoid
def test_the_checkpoint_gives_the_scores_of_the_stock_folder(
    tiny_artifact: Artifact, toy_annotations: list[Annotation]
):
    from transformers import pipeline  # noqa: PLC0415 - heavy, beside its only use

    texts = [each.text for each in toy_annotations[:16]]
    stock = pipeline("text-classification", str(tiny_artifact.folder / "hf"), top_k=None)
    labels = tiny_artifact.manifest.labels
    answers = [{each["label"]: each["score"] for each in answer} for answer in stock(texts)]
    expected = np.array([[answer[label] for label in labels] for answer in answers])

    found = scores(tiny_artifact, texts, "float32", token_budget=1024)

    assert found == pytest.approx(expected, abs=2e-2)  # the checkpoint is in half precision


def test_a_base_model_that_is_not_here_is_named(tmp_path: Path):
    import torch  # noqa: PLC0415 - heavy, beside its only use
    from safetensors.torch import save_file  # noqa: PLC0415

    path = tmp_path / CHECKPOINT
    save_file({"w": torch.zeros(1)}, path, metadata={"base_model": str(tmp_path / "nowhere")})

    with pytest.raises(BaseModelError, match="nowhere"):
        open_network(path)
