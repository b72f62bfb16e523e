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
        lanes: calls of one batch each that it takes to keep it busy.
    """

    lanes: int

    def logits(self, batches: Sequence[TokenBatch]) -> list[Logits]:
        """Score every batch; the answer to each is (windows, stances), in the order given.

        Safe for concurrent calls.
        """
        ...
