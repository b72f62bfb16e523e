"""ONNX Runtime as an engine, in fp32 and in static int8."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quant_pre_process,
    quantize_static,
)
from transformers import PreTrainedModel

from model.engines.cores import usable_cores
from model.engines.protocol import Logits
from model.text.tokens import SentenceEncoder, TokenBatch

_CALIBRATION_TOKENS, _CALIBRATION_BATCHES = 512, 64
_INPUTS = ["input_ids", "attention_mask"]


class OnnxEngine:
    """Scores batches one after another, each on all cores."""

    def __init__(self, graph: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = usable_cores()
        options.enable_cpu_mem_arena = False  # with many shapes it only grows
        # else its threads keep spinning after a call, on the cores that are measured next
        options.add_session_config_entry("session.force_spinning_stop", "1")
        self.concurrency = 1
        self._session = onnxruntime.InferenceSession(
            graph, options, providers=["CPUExecutionProvider"]
        )

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        """See model.engines.protocol.Engine."""
        return [self._session.run(None, _inputs(batch))[0] for batch in batches]


def write_onnx(network: PreTrainedModel, encoder: SentenceEncoder, path: Path) -> None:
    """Export the network in fp32; any number of windows, of any length."""
    network.eval()
    (batch, *_) = encoder.batches(
        encoder.encode(["They met.", "They parted."]).ids, token_budget=64
    )
    example = tuple(torch.from_numpy(_inputs(batch)[name]) for name in _INPUTS)
    torch.onnx.export(
        network,
        example,
        str(path),
        input_names=_INPUTS,
        output_names=["logits"],
        dynamic_axes={name: {0: "windows", 1: "tokens"} for name in _INPUTS},
        dynamo=False,
    )


def write_onnx_int8(
    plain: Path, path: Path, encoder: SentenceEncoder, texts: Sequence[str]
) -> None:
    """Static int8 of every product with weights but the sensitive ones; see `_sensitive`."""
    prepared = path.with_suffix(".prepared.onnx")
    quant_pre_process(plain, prepared, skip_symbolic_shape=True)
    graph = onnx.load(prepared)
    quantize_static(
        prepared,
        path,
        Calibration(encoder, texts),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["MatMul"],
        nodes_to_exclude=_sensitive(graph),
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True},
    )


def _sensitive(graph: onnx.ModelProto) -> list[str]:
    """The second product of each feed-forward block, whose input has outliers, and the head."""
    return [
        node.name
        for node in graph.graph.node
        if node.op_type in ("MatMul", "Gemm")
        and any(part in node.name for part in ("/output/dense", "pooler", "classifier"))
        and "/attention/" not in node.name
    ]


class Calibration(CalibrationDataReader):
    """Batches of training sentences, evenly spread over the lengths."""

    def __init__(self, encoder: SentenceEncoder, texts: Sequence[str]) -> None:
        batches = encoder.batches(encoder.encode(texts).ids, token_budget=_CALIBRATION_TOKENS)
        picks = np.linspace(0, len(batches) - 1, min(len(batches), _CALIBRATION_BATCHES))
        self._rows: Iterator[TokenBatch] = iter([batches[int(i)] for i in picks])

    def get_next(self) -> dict[str, np.ndarray] | None:
        """The next batch's inputs, or None after the last."""
        batch = next(self._rows, None)
        return _inputs(batch) if batch else None


def _inputs(batch: TokenBatch) -> dict[str, np.ndarray]:
    return {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
