"""The one thing every engine does."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from model.text.tokens import TokenBatch

Logits = NDArray[np.float32]


class Engine(Protocol):
    """A network ready to score.

    Attributes:
        concurrency: how many calls of `logits`, of one batch each, keep it busy at once.
    """

    concurrency: int

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        """Score every batch; the answer to each is (windows, stances), in the order given.

        Safe for concurrent calls.
        """
        ...
