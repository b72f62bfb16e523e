"""The protocol of engines."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from model.text.tokens import TokenBatch

Logits = NDArray[np.float32]


class Engine(Protocol):
    """A loaded network.

    Attributes:
        concurrency: how many calls of `logits`, of one batch each, keep it busy at once.
    """

    concurrency: int

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        """Compute the logits of every batch, each (windows, stances), in the order given.

        Safe for concurrent calls.
        """
        ...
