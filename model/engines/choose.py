"""Choose and load the engine that gives correct scores on this machine."""

import logging
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from model.engines.cores import usable_cores
from model.engines.cpu_flags import cpu_flags, has_nvidia, multiplies_int8
from model.engines.int8_in_fp32 import read_in_floats
from model.engines.openvino import KEPT_KERNELS, OpenVinoEngine
from model.engines.protocol import Engine
from model.errors import ArtifactFormat

OPENVINO_FP32, OPENVINO_INT8 = "openvino-fp32", "openvino-int8"
INT8_IN_FLOATS, TORCH_GPU = "openvino-int8-in-fp32", "torch-fp16"
# Activations of 1,024 tokens stay in a core's cache; larger batches were not faster (make bench).
TOKEN_BUDGET = 1024
# A GPU is busy only with tens of thousands.
_GPU_TOKEN_BUDGET = 65_536
_CHECKPOINT = "checkpoint.safetensors"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Choice:
    """The engine to use on this machine.

    Attributes:
        why: the reason, for the log.
        token_budget: tokens of a batch that suit it.
        same_scores: whether its scores are those of the manifest's engine within `score_tolerance`;
            if not, they differ by the change that quantisation makes.
    """

    engine: str
    why: str
    token_budget: int = TOKEN_BUDGET
    same_scores: bool = True


def choose_engine(
    name: str, graph: Path, *, gpu: bool = False, flags: frozenset[str] | None = None
) -> Choice:
    """Choose what computes a graph on this machine.

    Args:
        name: the engine that the manifest names.
        graph: its graph, with the checkpoint beside it.
        gpu: whether a GPU may be used, if there is one and what it needs is installed.
        flags: of the CPU; None asks the machine.

    Raises:
        ArtifactFormat: this version has no such engine.
    """
    if name not in (OPENVINO_FP32, OPENVINO_INT8):
        raise ArtifactFormat(f"engine {name!r} is unknown; known: {OPENVINO_FP32}, {OPENVINO_INT8}")
    if gpu and _gpu_usable(graph):
        return Choice(TORCH_GPU, "there is a GPU", _GPU_TOKEN_BUDGET, same_scores=False)
    if name == OPENVINO_FP32:
        return Choice(name, "the model has no int8 graph")
    if multiplies_int8(cpu_flags() if flags is None else flags):
        return Choice(name, "the CPU multiplies int8 exactly")
    return Choice(INT8_IN_FLOATS, "the CPU has no VNNI, int8 products would overflow")


def open_engine(
    choice: Choice,
    graph: Path,
    *,
    threads: int | None = None,
    kept_kernels: int = KEPT_KERNELS,
) -> Engine:
    """Load a graph and log its engine; `threads` None means every core this process may use.

    `kept_kernels` is what a CPU engine keeps of the shapes it met; see model/engines/openvino.py.

    Raises:
        BaseModelError: the GPU engine lacks the base model.
    """
    threads = threads or usable_cores()
    level = logging.INFO if choice.engine != INT8_IN_FLOATS else logging.WARNING
    _log.log(level, "engine %s, because %s; %d threads", choice.engine, choice.why, threads)
    if choice.engine == TORCH_GPU:
        from model.engines.torch import open_gpu_engine  # noqa: PLC0415 - serving has no torch

        return open_gpu_engine(graph.with_name(_CHECKPOINT))
    if choice.engine == INT8_IN_FLOATS:
        return OpenVinoEngine(read_in_floats(graph), threads=threads, kept_kernels=kept_kernels)
    return OpenVinoEngine(graph, threads=threads, kept_kernels=kept_kernels)


def _gpu_usable(graph: Path) -> bool:
    installed = all(find_spec(name) for name in ("torch", "transformers", "safetensors"))
    if not (installed and has_nvidia() and graph.with_name(_CHECKPOINT).is_file()):
        return False
    from model.engines.torch import gpu_ready  # noqa: PLC0415 - seconds, and only with a GPU

    return gpu_ready(graph.with_name(_CHECKPOINT))
