"""The engine that runs is right on the machine at hand, and the log says which it is."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from openvino import opset13 as ops

from model.artifact import Artifact, open_artifact
from model.engines.choose import (
    INT8_IN_FLOATS,
    OPENVINO_FP32,
    OPENVINO_INT8,
    Choice,
    choose_engine,
    open_engine,
)
from model.engines.floats import read_in_floats
from model.engines.openvino import OpenVinoEngine
from model.engines.processor import cpu_flags
from model.errors import ArtifactFormat
from model.registry import SHIPPED
from model.text.tokens import SentenceEncoder, TokenBatch

OLD, NEW = frozenset({"avx2", "fma"}), frozenset({"avx2", "avx512_vnni"})


def batches(artifact: Artifact, texts: Sequence[str]) -> list[TokenBatch]:
    manifest = artifact.manifest
    encoder = SentenceEncoder.from_file(
        artifact.tokenizer, max_window=manifest.max_window, pad_id=manifest.pad_id
    )
    return encoder.batches(encoder.encode(texts).ids, token_budget=256)


@pytest.mark.parametrize("flag", ["avx512_vnni", "avx_vnni", "amx_int8", "asimddp"])
def test_int8_runs_where_its_products_are_exact(flag: str):
    assert choose_engine(OPENVINO_INT8, Path("g.xml"), flags=OLD | {flag}).engine == OPENVINO_INT8


@pytest.mark.parametrize("flags", [OLD, frozenset()], ids=["no-vnni", "unknown"])
def test_int8_is_computed_in_floats_where_products_would_overflow(flags: frozenset[str]):
    choice = choose_engine(OPENVINO_INT8, Path("g.xml"), flags=flags)

    assert choice.engine == INT8_IN_FLOATS
    assert "VNNI" in choice.why
    assert choice.same_scores


def test_an_fp32_graph_runs_as_it_is_anywhere():
    assert choose_engine(OPENVINO_FP32, Path("g.xml"), flags=OLD).engine == OPENVINO_FP32


def test_an_unknown_engine_is_refused():
    with pytest.raises(ArtifactFormat, match="openvino-int4"):
        choose_engine("openvino-int4", Path("g.xml"))


def test_without_a_gpu_asking_for_one_changes_nothing(tmp_path: Path):
    (tmp_path / "checkpoint.safetensors").touch()

    assert choose_engine(OPENVINO_INT8, tmp_path / "g.xml", gpu=True, flags=NEW) == choose_engine(
        OPENVINO_INT8, tmp_path / "g.xml", flags=NEW
    )


def test_the_log_says_what_runs_and_why(caplog: pytest.LogCaptureFixture):
    choice = Choice(INT8_IN_FLOATS, "the CPU has no VNNI")
    with caplog.at_level(logging.INFO):
        open_engine(choice, open_artifact(SHIPPED).graph, threads=1)

    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.getMessage() == f"engine {INT8_IN_FLOATS}, because the CPU has no VNNI; 1 threads"


def test_in_floats_the_shipped_model_gives_its_int8_scores():
    artifact = open_artifact(SHIPPED)
    texts = batches(artifact, [text for text, _ in artifact.golden()])
    floats = OpenVinoEngine(read_in_floats(artifact.graph), threads=1).logits(texts)
    int8 = OpenVinoEngine(artifact.graph, threads=1).logits(texts)

    differences = [np.abs(sigmoid(a) - sigmoid(b)).max() for a, b in zip(floats, int8, strict=True)]
    assert max(differences) <= artifact.manifest.score_tolerance


def test_in_floats_no_quantiser_is_left_that_could_become_int8():
    model = read_in_floats(open_artifact(SHIPPED).graph)

    assert "FakeQuantize" not in {node.get_type_name() for node in model.get_ops()}


def test_a_quantiser_written_out_rounds_as_it_is_defined(tmp_path: Path):
    x = ops.parameter([7], np.float32)
    bounds = [ops.constant(np.float32(bound)) for bound in (-1.0, 1.0, -2.0, 2.0)]
    ov.save_model(
        ov.Model([ops.fake_quantize(x, *bounds, 5)], [x]),
        tmp_path / "q.xml",
        compress_to_fp16=False,
    )

    compiled = ov.Core().compile_model(read_in_floats(tmp_path / "q.xml"), "CPU")

    values = np.array([-9, -1, -0.6, 0.1, 0.3, 0.9, 9], np.float32)
    assert compiled(values)[0].tolist() == [-2, -2, -1, 0, 1, 2, 2]


def test_flags_are_read_from_what_the_kernel_says(tmp_path: Path):
    path = tmp_path / "cpuinfo"
    path.write_text("processor : 0\nflags\t\t: fpu avx2 avx_vnni\n\nprocessor : 1\nflags : fpu\n")

    assert cpu_flags(path) == {"fpu", "avx2", "avx_vnni"}
    assert cpu_flags(tmp_path / "absent") == frozenset()


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z.astype(np.float64)))
