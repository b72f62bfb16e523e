"""Weights in several files are the weights in one."""

from pathlib import Path

import numpy as np
import openvino as ov
from openvino import opset13 as ops

from model.engines.graph import engine_files, read_graph, split_weights


def small_graph(folder: Path) -> Path:
    given = ops.parameter([1, 64], np.float32)
    weights = ops.constant(np.random.default_rng(0).random((64, 64), np.float32))
    ov.save_model(ov.Model([ops.matmul(given, weights, False, False)], [given]), folder / "e.xml")
    return folder / "e.xml"


def answer(graph: Path) -> np.ndarray:
    compiled = ov.Core().compile_model(read_graph(graph), "CPU")
    return compiled([np.ones((1, 64), np.float32)])[0]


def test_a_graph_in_parts_answers_as_before(tmp_path: Path):
    graph = small_graph(tmp_path)
    before, size = answer(graph), graph.with_suffix(".bin").stat().st_size

    split_weights(graph, largest=1000, part=700)

    files = engine_files(graph)
    assert not graph.with_suffix(".bin").exists()
    assert [path.name for path in files] == ["e.xml", *(f"e.bin.{n}" for n in range(1, len(files)))]
    assert len(files) > 10  # so that the tenth part must not come second
    assert sum(path.stat().st_size for path in files[1:]) == size
    assert (answer(graph) == before).all()


def test_small_weights_stay_in_one_file(tmp_path: Path):
    graph = small_graph(tmp_path)

    split_weights(graph)

    assert engine_files(graph) == [graph, graph.with_suffix(".bin")]
