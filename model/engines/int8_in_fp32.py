"""Compute an int8 graph in fp32, rounding wherever the int8 graph rounds.

For CPUs on which int8 products overflow. The scores equal those of int8, so that the thresholds and
golden sentences of a model are valid; without the rounding they would differ by up to 0.06.
"""

from pathlib import Path

import numpy as np
import openvino as ov
from openvino import opset13 as ops

from model.engines.graph import read_graph

_QUANTISER = "FakeQuantize"


def read_in_floats(graph: Path) -> ov.Model:
    """Read a graph and replace its quantisers by arithmetic, which OpenVINO keeps in fp32."""
    model = read_graph(graph)
    for node in model.get_ordered_ops():
        if node.get_type_name() == _QUANTISER:
            node.output(0).replace(_rounded(node).output(0))
    model.validate_nodes_and_infer_types()
    return model


def _rounded(node: ov.Node) -> ov.Node:
    """Compute FakeQuantize as OpenVINO's operation set 1 defines it.

    round((x - low) / (high - low) * (levels - 1)) / (levels - 1) * (out_high - out_low) + out_low,
    x between low and high.
    """
    x, low, high, out_low, out_high = (node.input_value(i) for i in range(5))
    last = ops.constant(np.float32(node.get_attributes()["levels"] - 1))
    kept = ops.minimum(ops.maximum(x, low), high)
    to_levels = ops.divide(last, ops.subtract(high, low))
    level = ops.round(ops.multiply(ops.subtract(kept, low), to_levels), "half_to_even")
    step = ops.divide(ops.subtract(out_high, out_low), last)
    return ops.add(ops.multiply(level, step), out_low)
