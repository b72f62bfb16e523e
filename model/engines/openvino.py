"""The CPU engine: OpenVINO, fp32 or statically quantised int8 graphs.

Static int8 has fixed activation scales, so that a score does not depend on the other sentences of
the batch; dynamic int8 has scales a batch, and it would.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock, local

import numpy as np
import openvino as ov

from model.engines.cores import usable_cores
from model.engines.graph import read_graph
from model.engines.protocol import Logits
from model.text.tokens import LENGTH_STEP, TokenBatch, padded_rows

# OpenVINO's Python binding initialises its type tables in the first call, without the GIL: two
# first calls at the same time deadlock. One call under this lock initialises them for good.
_FIRST_CALL = Lock()

# What a stream keeps of the shapes it met, in entries of OpenVINO's cache; the least recently used
# go. Of all 247 shapes a process with two streams comes to 738 MiB, at OpenVINO's own 5,000 to 875.
KEPT_KERNELS = 1000


class OpenVinoEngine:
    """Scores batches in parallel, by default one a core.

    Each batch is computed in the calling thread, by an inference request of that thread:
    OpenVINO's own queue of requests took 3 % longer for many batches and 8 % for one.
    """

    def __init__(
        self,
        graph: Path | ov.Model,
        *,
        threads: int | None = None,
        streams: int | None = None,
        precision: str = "f32",
        kept_kernels: int = KEPT_KERNELS,
    ) -> None:
        threads = threads or usable_cores()
        # f32 between the int8 products: bf16, which OpenVINO chooses by itself where the CPU has
        # it, changes scores by up to 6e-3
        properties = {
            "INFERENCE_PRECISION_HINT": precision,
            # what the graph does not quantise stays as precise as the hint says
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": 0,
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": streams or threads,
            "CPU_RUNTIME_CACHE_CAPACITY": kept_kernels,
        }
        self.concurrency = streams or threads
        model = read_graph(graph) if isinstance(graph, Path) else graph
        self._compiled = ov.Core().compile_model(model, "CPU", properties)
        self._own = local()
        self._threads = ThreadPoolExecutor(self.concurrency, thread_name_prefix="stream")
        window = np.ones((1, LENGTH_STEP), np.int64)
        with _FIRST_CALL:
            self._score(TokenBatch(window, window, [0]))

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        """See model.engines.protocol.Engine."""
        if len(batches) == 1:
            return [self._score(batches[0])]
        return list(self._threads.map(self._score, batches))

    def _score(self, batch: TokenBatch) -> Logits:
        if not hasattr(self._own, "request"):
            self._own.request = self._compiled.create_infer_request()
        request: ov.InferRequest = self._own.request
        # rows that fill up the shape repeat windows; their logits are dropped
        rows, length = batch.input_ids.shape
        filled = np.arange(padded_rows(rows, length)) % rows
        ids, mask = batch.input_ids[filled], batch.attention_mask[filled]
        request.infer({"input_ids": ids, "attention_mask": mask}, share_inputs=True)
        return np.array(request.get_output_tensor(0).data[:rows])
