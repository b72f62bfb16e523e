"""The CPU engine: OpenVINO, fp32 or statically quantised int8 graphs.

Static int8 has fixed activation scales, so that a sentence's score does not depend on its batch
mates; dynamic int8 (per-batch scales) would break that promise.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import openvino as ov

from model.engines.cores import usable_cores
from model.engines.protocol import Logits
from model.tokens import TokenBatch


class OpenVinoEngine:
    """Scores batches in parallel streams, one core each unless told otherwise."""

    def __init__(
        self,
        graph: Path | ov.Model,
        *,
        threads: int | None = None,
        streams: int | None = None,
        precision: str = "f32",
    ) -> None:
        threads = threads or usable_cores()
        # f32 between the int8 products: the bf16 hint, which OpenVINO would choose by itself where
        # the CPU has it, moves scores by up to 6e-3
        properties = {
            "INFERENCE_PRECISION_HINT": precision,
            # what the graph does not quantise stays as precise as the hint says
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0,
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": streams or threads,
        }
        compiled = ov.Core().compile_model(graph, "CPU", properties)
        self._requests = ov.AsyncInferQueue(compiled, streams or threads)

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        """See model.engines.protocol.Engine. Not safe to call from two threads at once."""
        answers: list[Logits] = [np.empty((0, 0), np.float32)] * len(batches)

        def keep(request: ov.InferRequest, position: int) -> None:
            answers[position] = request.get_output_tensor(0).data.copy()

        self._requests.set_callback(keep)
        for position, batch in enumerate(batches):
            inputs = {"input_ids": batch.input_ids, "attention_mask": batch.attention_mask}
            self._requests.start_async(inputs, position)
        self._requests.wait_all()
        return answers
