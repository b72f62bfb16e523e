"""A fine-tuned network to the graph that serves: OpenVINO in fp32 or static int8."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nncf
import numpy as np
import openvino as ov
import torch
from numpy.typing import NDArray
from transformers import PreTrainedModel

from model.engines.choose import OPENVINO_INT8
from model.engines.openvino import OpenVinoEngine
from model.errors import EngineFailure
from model.text.tokens import SentenceEncoder, TokenBatch

FP32_BOUND = 1e-4
_CALIBRATION_TOKENS = 512
# 64 batches leave 0.38 % of decisions flipped against fp32 on 1,056 real sentences, 300 0.22 %;
# smoothing harder (alpha 0.8) or leaving layers out was no better.
_CALIBRATION_BATCHES = 300
_PARITY_SENTENCES = 200


@dataclass(frozen=True)
class Parity:
    """Largest |difference| of an uncalibrated probability from torch in fp32, over `sentences`."""

    sentences: int
    fp32: float
    engine: float


def export_graph(
    network: PreTrainedModel,
    encoder: SentenceEncoder,
    texts: Sequence[str],
    path: Path,
    *,
    engine: str,
) -> Parity:
    """Write `path` (.xml, with its .bin beside it) and return how much it differs from torch.

    `texts` calibrate the int8 scales and measure the difference.

    Raises:
        EngineFailure: the fp32 graph differs from torch by more than 1e-4.
    """
    network.eval()
    ids = encoder.encode(texts).ids
    batches = encoder.batches(ids, token_budget=_CALIBRATION_TOKENS)
    graph = ov.convert_model(network, example_input=_tensors(batches[0]))
    ov.save_model(graph, path, compress_to_fp16=False)
    measured = encoder.batches(ids[:_PARITY_SENTENCES], token_budget=_CALIBRATION_TOKENS)
    # tracing can leave a module in training mode, and dropout would then spoil the reference
    reference = _torch_probabilities(network.eval(), measured)
    fp32 = _difference(reference, path, measured)
    if fp32 > FP32_BOUND:
        raise EngineFailure(f"the exported fp32 graph differs from torch by {fp32:.2e}")
    exported = fp32
    if engine == OPENVINO_INT8:
        ov.save_model(_quantised(graph, batches), path)
        exported = _difference(reference, path, measured)
    return Parity(min(len(ids), _PARITY_SENTENCES), fp32, exported)


def _quantised(graph: ov.Model, batches: Sequence[TokenBatch]) -> ov.Model:
    """Quantise to static int8: activation scales fixed by calibration batches, with SmoothQuant."""
    picks = np.linspace(0, len(batches) - 1, min(len(batches), _CALIBRATION_BATCHES))
    rows = [
        {"input_ids": batches[int(i)].input_ids, "attention_mask": batches[int(i)].attention_mask}
        for i in picks
    ]
    quantised: ov.Model = nncf.quantize(
        graph, nncf.Dataset(rows), subset_size=len(rows), model_type=nncf.ModelType.TRANSFORMER
    )
    return quantised


def _difference(
    reference: list[NDArray[np.float64]], path: Path, batches: Sequence[TokenBatch]
) -> float:
    logits = OpenVinoEngine(path).logits(batches)
    return max(
        float(np.abs(_sigmoid(exported) - expected).max())
        for exported, expected in zip(logits, reference, strict=True)
    )


def _torch_probabilities(
    network: PreTrainedModel, batches: Sequence[TokenBatch]
) -> list[NDArray[np.float64]]:
    with torch.inference_mode():
        return [_sigmoid(network(**_tensors(batch)).logits.numpy()) for batch in batches]


def _tensors(batch: TokenBatch) -> dict[str, torch.Tensor]:
    return {
        "input_ids": torch.from_numpy(batch.input_ids),
        "attention_mask": torch.from_numpy(batch.attention_mask),
    }


def _sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    return 1.0 / (1.0 + np.exp(-logits.astype(np.float64)))
