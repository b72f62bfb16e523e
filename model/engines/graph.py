"""Read a graph whose weights are in one file, or in several where one would be too large.

Hosts of git repositories refuse files of 100 MB. The parts of `engine.bin` are `engine.bin.1`,
`engine.bin.2` and so on.
"""

from pathlib import Path

import openvino as ov

LARGEST_FILE = 95_000_000  # bytes
_PART = 90_000_000


def read_graph(graph: Path) -> ov.Model:
    """Read a graph (.xml) with its weights."""
    if not (parts := _parts(graph)):
        return ov.Core().read_model(graph)
    weights = b"".join(part.read_bytes() for part in parts)
    return ov.Core().read_model(graph.read_bytes(), weights)


def split_weights(graph: Path, *, largest: int = LARGEST_FILE, part: int = _PART) -> None:
    """Divide the weights of a graph into parts if they are over `largest` bytes."""
    whole = graph.with_suffix(".bin")
    if whole.stat().st_size <= largest:
        return
    with whole.open("rb") as file:
        number = 1
        while piece := file.read(part):
            graph.with_suffix(f".bin.{number}").write_bytes(piece)
            number += 1
    whole.unlink()


def engine_files(graph: Path) -> list[Path]:
    """List the files of a graph: itself and its weights."""
    return [graph, *(_parts(graph) or [graph.with_suffix(".bin")])]


def _parts(graph: Path) -> list[Path]:
    parts = graph.parent.glob(f"{graph.stem}.bin.*")
    return sorted(parts, key=lambda path: int(path.suffix[1:]))
