"""One network, from sentences to logits: its tokenizer and its engine."""

from collections.abc import Sequence

import numpy as np

from model.artifact.folder import StoredNetwork
from model.engines.choose import TOKEN_BUDGET, choose_engine, open_engine
from model.engines.openvino import KEPT_KERNELS
from model.engines.protocol import Engine, Logits
from model.errors import EngineFailure
from model.stance import STANCES
from model.text.tokens import SentenceEncoder, Windows
from model.text.units import Sentence

# Of a network with 768 dimensions every new shape takes 8 MiB of kernels. In steps of 32 tokens and
# batches of 256 a careful network comes to 256 MiB, in steps of 8 to 451, at the same speed.
_CAREFUL_STEP, _CAREFUL_BUDGET = 32, 256
# Of two networks each keeps fewer kernels than one that is alone: the service then stayed at 892 MB
# where it had 952 (fast alone: 683), at the same speed.
_FAST_KERNELS, _CAREFUL_KERNELS = 400, 100


class Network:
    """Reads sentences. Safe for concurrent calls.

    Attributes:
        concurrency: how many calls of `logits` at once keep the engine busy; each call is of
            windows of one padded length.
        token_budget: tokens, padding included, that such a call should have for most speed.
        length_step: windows are padded to a multiple of so many tokens.
        cost: of reading a token, as a multiple of what a model's fast network takes for it.
        foreseen: the cost that a token is expected to bring in all, a second reading included.
    """

    def __init__(
        self,
        encoder: SentenceEncoder,
        engine: Engine,
        *,
        token_budget: int = TOKEN_BUDGET,
        cost: float = 1.0,
    ) -> None:
        self._encoder, self._engine = encoder, engine
        self.concurrency, self.token_budget = engine.concurrency, token_budget
        self.length_step = encoder.step
        self.cost = self.foreseen = cost

    def tokenise(self, sentences: Sequence[Sentence]) -> Windows:
        """Turn sentences into token windows."""
        return self._encoder.encode([sentence.scored for sentence in sentences])

    def logits(self, windows: Sequence[list[int]]) -> Logits:
        """Compute the logits of token windows, (windows, stances), in the order given.

        Raises:
            EngineFailure: the engine returned too few or non-finite logits.
        """
        batches = self._encoder.batches(windows, token_budget=self.token_budget)
        computed = self._engine.logits(batches)
        if [part.shape for part in computed] != [
            (len(batch.rows), len(STANCES)) for batch in batches
        ]:
            raise EngineFailure("the engine did not return logits of every window of every batch")
        logits = np.empty((len(windows), len(STANCES)), np.float32)
        for batch, part in zip(batches, computed, strict=True):
            logits[batch.rows] = part
        if not np.isfinite(logits).all():
            raise EngineFailure("the engine returned scores that are not numbers")
        return logits

    def read(self, sentences: Sequence[Sentence]) -> Logits:
        """Compute the logits of sentences, (sentences, stances), in the order given.

        Raises:
            EngineFailure: as `logits`.
        """
        windows = self.tokenise(sentences)
        return strongest(self.logits(windows.ids), windows.counts)


def load_network(
    stored: StoredNetwork, *, threads: int | None = None, gpu: bool = False, alone: bool = True
) -> Network:
    """Load a network of a verified model; see model.classifier.load_classifier.

    One that is not `alone` in its process saves memory.
    """
    encoder = SentenceEncoder.from_file(
        stored.tokenizer, max_window=stored.max_window, pad_id=stored.pad_id
    )
    choice = choose_engine(stored.engine, stored.graph, gpu=gpu)
    kept = KEPT_KERNELS if alone else _FAST_KERNELS
    engine = open_engine(choice, stored.graph, threads=threads, kept_kernels=kept)
    return Network(encoder, engine, token_budget=choice.token_budget)


def load_careful(
    stored: StoredNetwork, *, threads: int | None = None, cost: float = 1.0
) -> Network:
    """Load the careful network of a verified model, which stays on the CPU and saves memory."""
    encoder = SentenceEncoder.from_file(
        stored.tokenizer, max_window=stored.max_window, pad_id=stored.pad_id, step=_CAREFUL_STEP
    )
    choice, kept = choose_engine(stored.engine, stored.graph), _CAREFUL_KERNELS
    engine = open_engine(choice, stored.graph, threads=threads, kept_kernels=kept)
    return Network(encoder, engine, token_budget=_CAREFUL_BUDGET, cost=cost)


def strongest(logits: Logits, counts: Sequence[int]) -> Logits:
    """Take the highest logit of a sentence's windows: (windows, stances) to (sentences, stances).

    A stance that any part of a sentence expresses is a stance of the sentence.
    """
    if not counts:
        return logits
    starts = np.cumsum([0, *counts[:-1]])
    return np.maximum.reduceat(logits, starts, axis=0)
