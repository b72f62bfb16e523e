"""From an engine's name in the manifest to a loaded engine."""

from pathlib import Path

from model.engines.openvino import OpenVinoEngine
from model.engines.protocol import Engine
from model.errors import ArtifactFormat

OPENVINO_FP32, OPENVINO_INT8 = "openvino-fp32", "openvino-int8"


def open_engine(name: str, graph: Path, *, threads: int | None = None) -> Engine:
    """Load a graph; `threads` None means every core this process may use.

    Raises:
        ArtifactFormat: this version has no such engine.
    """
    if name not in (OPENVINO_FP32, OPENVINO_INT8):
        raise ArtifactFormat(f"engine {name!r} is unknown; known: {OPENVINO_FP32}, {OPENVINO_INT8}")
    return OpenVinoEngine(graph, threads=threads)
