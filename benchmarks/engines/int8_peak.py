"""The peak of this machine: how fast it multiplies int8 matrices."""

from collections.abc import Callable

import numpy as np
import openvino as ov
from openvino import opset13 as ops

from model.engines.cores import usable_cores

# the network's widest product: 2,048 tokens through the first layer of a feed-forward block
TOKENS, WIDTH, INNER = 2048, 384, 1536
OPERATIONS = 2 * TOKENS * WIDTH * INNER
# parameters that every token is multiplied with: 6 layers of 12 x 384^2
PARAMETERS = 6 * 12 * WIDTH**2


def share_of_peak(tokens_per_second: float, operations_per_second: float) -> float:
    """Return the share of the peak that a scorer reaches: 2 operations a weight and token."""
    return tokens_per_second * 2 * PARAMETERS / operations_per_second


def open_product(streams: int) -> Callable[[int], int]:
    """Return a function that computes the matrix product n times, `streams` of them in parallel.

    Raises:
        RuntimeError: OpenVINO would not multiply in int8, so that the rate would mean nothing.
    """
    properties = {"INFERENCE_NUM_THREADS": usable_cores(), "NUM_STREAMS": streams}
    compiled = ov.Core().compile_model(_graph(), "CPU", properties)
    if (precision := _precision(compiled)) not in ("u8", "i8"):
        raise RuntimeError(f"OpenVINO multiplies in {precision} here")
    requests = ov.AsyncInferQueue(compiled, streams)
    tokens = np.random.default_rng(0).integers(0, 255, (TOKENS, WIDTH)).astype(np.uint8)

    def multiply(count: int) -> int:
        for _ in range(count):
            requests.start_async({0: tokens})
        requests.wait_all()
        return count

    return multiply


def _graph() -> ov.Model:
    """Build u8 tokens x i8 weights with u8 output, as the layers of an int8 network do it."""
    draw = np.random.default_rng(1)
    tokens = ops.parameter([TOKENS, WIDTH], np.uint8)
    left = ops.multiply(ops.convert(tokens, "f32"), ops.constant(np.float32(0.01)))
    weights = ops.constant(draw.integers(-127, 127, (INNER, WIDTH)).astype(np.int8))
    scales = ops.constant(np.full((INNER, 1), 0.01, np.float32))
    right = ops.multiply(ops.convert(weights, "f32"), scales)
    product = ops.matmul(left, right, transpose_a=False, transpose_b=True)
    low, high = (ops.constant(np.float32(bound)) for bound in (0.0, 2.55))
    return ov.Model([ops.fake_quantize(product, low, high, low, high, 256)], [tokens])


def _precision(compiled: ov.CompiledModel) -> str:
    kinds = ("FullyConnected", "MatMul")
    for node in compiled.get_runtime_model().get_ordered_ops():
        described = node.get_rt_info()
        if described["layerType"].astype(str) in kinds:
            return str(described["runtimePrecision"].astype(str))
    return "unknown"
